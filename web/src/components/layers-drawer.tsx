/** Layers and the tree of objects, at the left. */
import { onFirstOpen } from './later'

export const LayersDrawer = onFirstOpen<{ open: boolean; onClose: () => void }>(async () => (await import('./layers-content')).LayersContent)
