/** The line of big figures: the park's indicators as the server computes them. */
import { useAlarms } from '../../api/alarms'
import { useIndicators } from '../../api/indicators'
import { Sparkline } from '../../components/sparkline'
import { ErrorCard } from '../../components/states'
import { formatCompact, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './figures.module.css'

const SHOWN = 6

export function Figures() {
  const { t, language, pick } = useText()
  const { data, error, reload } = useIndicators()
  const { data: alarms } = useAlarms()
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  const indicators = (data ?? []).filter((one) => !one.name.includes('alarm'))
  const critical = alarms?.some((alarm) => alarm.severity === 'critical' && alarm.state === 'active') ?? false
  return (
    <section aria-label={t('brain.figures')}>
      <dl className={styles.line}>
      {indicators.slice(0, SHOWN - 1).map((one) => (
        <div key={one.name} className={styles.figure}>
          <dt>{pick(one.title_zh, one.title_en)}</dt>
          <dd>
            {formatCompact(one.value, language)} <small>{unitText(one.unit, language)}</small>
            <span className={styles.trend}>
              <Sparkline values={one.trend} width={5.5} height={2} />
            </span>
          </dd>
        </div>
      ))}
      <div className={styles.figure} data-mark={critical ? 'critical' : undefined}>
        <dt>{t('brain.openAlarms')}</dt>
        <dd>
          {formatCompact(alarms?.length, language)} <small>{t('unit.alarms')}</small>
        </dd>
      </div>
      </dl>
    </section>
  )
}
