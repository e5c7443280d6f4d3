/** The search, opened with `/`: its place on the first picture, the field itself right after it. */
import { useLater } from './later'
import type { SearchProperties } from './search-field'
import styles from './search-field.module.css'
import { useToast } from './toast'

export function SearchBox(properties: SearchProperties) {
  const { problem } = useToast()
  const Field = useLater(async () => (await import('./search-field')).SearchField, true, problem)
  return Field ? <Field {...properties} /> : <div className={`${styles.search} ${styles.place}`} />
}
