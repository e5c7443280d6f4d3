// Fragments' importer: IFC → .frag. `node fragments.mjs MODEL OUT` prints the size as JSON.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createRequire } from 'node:module'
import { IfcImporter } from '@thatopen/fragments'

const importer = new IfcImporter()
importer.wasm = { absolute: true, path: `${dirname(createRequire(import.meta.url).resolve('web-ifc'))}/` }
const bytes = await importer.process({ bytes: new Uint8Array(readFileSync(process.argv[2])), raw: false })
writeFileSync(process.argv[3], bytes)
console.log(JSON.stringify({ bytes: bytes.length }))
process.exit(0)
