/** Defines `<park-viewer>`; loading this file twice is harmless. */
import { ParkViewerElement } from './element'

if (!customElements.get('park-viewer')) customElements.define('park-viewer', ParkViewerElement)

export { ParkViewerElement }
