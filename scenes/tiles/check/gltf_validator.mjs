// Validates many glTF files in one process with the npm package gltf-validator.
// argv: the folder whose node_modules holds the package. stdin: JSON [{ file, folder, root }].
// stdout: one line of JSON per file, in order: the list of messages { code, message, severity, pointer }.
// External resources are read from `folder` only by relative path, and never from outside `root` where one is given.
import { createRequire } from 'node:module'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { gunzipSync } from 'node:zlib'

const require = createRequire(join(process.argv[2], 'package.json'))
const validator = require('gltf-validator')
const MOST = 2 ** 30
const MOST_ISSUES = 200

function resource(job, uri) {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(uri)) throw new Error(`${uri} is remote and is not read`)
  const file = realpathSync(join(job.folder, decodeURIComponent(uri.split(/[?#]/)[0])))
  if (job.root && !file.startsWith(realpathSync(job.root) + sep)) throw new Error(`${uri} leads out of the package`)
  if (statSync(file).size > MOST) throw new Error(`${uri} is too large`)
  const data = readFileSync(file)
  const packed = data[0] === 0x1f && data[1] === 0x8b
  return new Uint8Array(packed ? gunzipSync(data, { maxOutputLength: MOST }) : data)
}

async function messages(job) {
  try {
    const report = await validator.validateBytes(new Uint8Array(readFileSync(job.file)), {
      maxIssues: MOST_ISSUES,
      externalResourceFunction: async (uri) => resource(job, uri),
    })
    return report.issues.messages
  } catch (error) {
    return [{ code: 'GLTF_UNREADABLE', message: String(error), severity: 0, pointer: '' }]
  }
}

for (const job of JSON.parse(readFileSync(0, 'utf8'))) console.log(JSON.stringify(await messages(job)))
