/** While a past moment is shown: that what stands below is of the present all the same. */
import { usePast } from '../api/past'
import { useText } from '../i18n/use-text'
import styles from './present-note.module.css'

export function PresentNote() {
  const { t } = useText()
  if (!usePast()) return null
  return (
    <p className={styles.note} role="note">
      <strong>{t('past.nowOnly')}</strong> {t('past.nowHint')}
    </p>
  )
}
