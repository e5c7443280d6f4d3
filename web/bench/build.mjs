/** `node bench/build.mjs FOLDER`: builds the page of every contestant that is installed, each alone. */
import { resolve } from 'node:path'
import { build, loadConfigFromFile } from 'vite'

const configFile = 'vite.bench.config.ts'
const { config, pages } = await load()
