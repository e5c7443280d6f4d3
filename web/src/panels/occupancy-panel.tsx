/** People in the park by building. */
import { useIndicator } from '../api/indicators'
import { live } from '../api/live'
import { ErrorCard, Skeleton } from '../components/states'
import { useLive } from '../components/use-live'
import { formatNumber, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { KINDS } from '../tools/kinds'
import { summarise } from '../tools/live-sums'
import { BuildingBars } from './building-bars'
import { NoValue } from './no-value'
import styles from './panel.module.css'

export function OccupancyPanel() {
  const { t, language } = useText()
  const { data: people, error, loading, reload } = useIndicator('people')
  const counted = useLive(() => summarise(live, live.ofKinds(KINDS.people)).fresh, 'counted', 1)
  if (error && !people) return <ErrorCard error={error} retry={reload} />
  if (!people && loading) return <Skeleton />
  if (!people || people.value === null) return <NoValue indicator={people} title={t('panel.noOccupancy')} />
  return (
    <div className={styles.column}>
      <p className={styles.headline}>
        <strong>{formatNumber(people.value, language, 0)}</strong>
        <span>{unitText(people.unit, language)}</span>
        <span>{t('panel.rooms', { count: counted })}</span>
      </p>
      <BuildingBars indicator={people} color="var(--series-2)" />
    </div>
  )
}
