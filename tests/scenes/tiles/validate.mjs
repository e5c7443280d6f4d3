// Validates the GLBs of the folders named as arguments; prints {file: [issues of severity error or warning]}.
import { createRequire } from 'node:module'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const require = createRequire(join(process.argv[2], 'package.json'))
const validator = require('gltf-validator')
const result = {}
for (const folder of process.argv.slice(3))
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.glb'))) {
    const report = await validator.validateBytes(new Uint8Array(readFileSync(join(folder, name))), { maxIssues: 0 })
    result[join(folder, name)] = report.issues.messages.filter((issue) => issue.severity < 2)
  }
console.log(JSON.stringify(result))
