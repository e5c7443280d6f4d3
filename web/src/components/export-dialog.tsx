/** The export's window: stands once beside the screens; `openExport` opens it. */
import { useStore } from '../api/store'
import { closeExport, exporting } from './exporting'
import { useFetchWhenIdle, useLater } from './later'
import { useToast } from './toast'

const load = async () => (await import('./export-form')).ExportForm

export function ExportDialog() {
  const scopes = useStore(exporting, (value) => value.scopes)
  const { problem } = useToast()
  const Form = useLater(load, scopes.length > 0, (reason) => {
    closeExport()
    problem(reason)
  })
  useFetchWhenIdle(load)
  return Form && scopes[0] ? <Form key={JSON.stringify(scopes)} scopes={scopes} first={scopes[0]} /> : null
}
