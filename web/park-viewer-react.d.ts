/**
 * `<park-viewer>` in JSX of React 19. Stands beside `park-viewer.d.ts`; import it once: `import type {} from './park-viewer-react'`.
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type { ParkViewerAttributes, ParkViewerElement } from './park-viewer'

type Usual = Omit<HTMLAttributes<ParkViewerElement>, keyof ParkViewerAttributes>
type Properties = ParkViewerAttributes & DetailedHTMLProps<Usual, ParkViewerElement>

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'park-viewer': Properties
    }
  }
}
