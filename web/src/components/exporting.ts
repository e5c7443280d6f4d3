/** What the export dialog is open for. */
import type { ExportSelection } from '../api/exports'
import { createStore } from '../api/store'

export interface ExportTarget {
  selection: ExportSelection
  /** What people call it: the title of the dialog and the name of the file. */
  name: string
  /** Whether something of it can come from an IFC model. */
  ifc: boolean
}

export const exporting = createStore<{ target: ExportTarget | null }>({ target: null })

export function openExport(target: ExportTarget): void {
  exporting.set({ target })
}

export function closeExport(): void {
  exporting.set({ target: null })
}
