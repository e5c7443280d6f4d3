/** The live client for any page or program in JavaScript; built as `embed/live-client.js`, its types as `live-client.d.ts`. */
export { LiveClient } from './client'
