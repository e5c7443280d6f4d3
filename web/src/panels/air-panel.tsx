/** Outdoors: particulates, noise and temperature, each with where it has been going. */
import { useIndicators } from '../api/indicators'
import { live } from '../api/live'
import { Sparkline } from '../components/sparkline'
import { Empty, ErrorCard, Skeleton } from '../components/states'
import { useLive } from '../components/use-live'
import { formatReading, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { KINDS } from '../tools/kinds'
import { summarise } from '../tools/live-sums'
import styles from './panel.module.css'

/** The indicator and the points behind it. */
const GROUPS = [
  { id: 'pm25', indicator: 'pm25', kinds: KINDS.pm25, color: 'var(--series-3)' },
  { id: 'noise', indicator: 'noise', kinds: KINDS.noise, color: 'var(--series-4)' },
  { id: 'outdoor', indicator: 'air_temperature', kinds: KINDS.outdoor, color: 'var(--series-6)' },
] as const

export function AirPanel() {
  const { t, language } = useText()
  const { data, error, reload } = useIndicators()
  const highest = useLive(() => GROUPS.map(({ kinds }) => summarise(live, live.ofKinds(kinds)).max), 'air', 1)
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton />
  const shown = GROUPS.flatMap((group, index) => {
    const found = data.find((one) => one.name === group.indicator)
    return found && (found.points ?? 0) > 0 ? [{ ...group, found, max: highest[index] ?? Number.NaN }] : []
  })
  if (shown.length === 0) return <Empty title={t('panel.noAir')} hint={t('panel.bindHint')} />
  return (
    <div className={styles.cells}>
      {shown.map(({ id, color, found, max }) => (
        <div key={id} className={styles.cell}>
          <span>{t(`panel.${id}`)}</span>
          <strong>
            {formatReading(found.value, found.unit, language)} <small>{unitText(found.unit, language)}</small>
          </strong>
          <Sparkline values={found.trend} width={7.5} height={2} color={color} />
          <span>
            {t('panel.highest')} {formatReading(max, found.unit, language)}
          </span>
        </div>
      ))}
    </div>
  )
}
