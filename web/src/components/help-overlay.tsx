/** The shortcuts, on `?`. */
import { onFirstOpen } from './later'

export const HelpOverlay = onFirstOpen<{ open: boolean; onClose: () => void }>(async () => (await import('./help-keys')).HelpKeys)
