/** What the colours of the stage mean: ramp, limits, unit, share of current values and the time of the data. */
import { live } from '../api/live'
import { formatClock, formatNumber, NO_VALUE, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { rampGradient } from '../tools/ramps'
import type { ThemeLegend } from '../tools/live-theme'
import { SeverityMark } from './severity-mark'
import { useLive } from './use-live'
import styles from './legend.module.css'

export function Legend({ legend }: { legend: ThemeLegend | null }) {
  const { t, language } = useText()
  const at = useLive(() => live.frameAt, 'frame', 1)
  const time = at > 0 ? formatClock(at) : NO_VALUE
  if (!legend) {
    return (
      <div className={styles.marks} role="group" aria-label={t('legend.label')}>
        {(['critical', 'major', 'minor', 'notice', 'stale'] as const).map((mark) => (
          <span key={mark}>
            <SeverityMark mark={mark} size={1.125} /> {t(`severity.${mark}`)}
          </span>
        ))}
      </div>
    )
  }
  return (
    <div className={styles.legend} role="group" aria-label={t('legend.label')}>
      <span className={styles.title}>
        {t(`theme.${legend.theme.id}`)} {legend.unit ? <small>{unitText(legend.unit, language)}</small> : null}
      </span>
      {legend.theme.states ? (
        <div className={styles.marks}>
          {legend.theme.states.map((state) => (
            <span key={state.id}>
              <i className={styles.swatch} style={{ background: `var(${state.color})` }} aria-hidden="true" />
              {t(`themeState.${state.id}`)}
            </span>
          ))}
        </div>
      ) : (
        <div>
          <div className={styles.ramp} style={{ background: rampGradient(legend.theme.ramp) }} />
          <div className={styles.scale}>
            <span>{formatNumber(legend.low, language)}</span>
            <span>{formatNumber((legend.low + legend.high) / 2, language)}</span>
            <span>{formatNumber(legend.high, language)}</span>
          </div>
        </div>
      )}
      <span className={styles.stale}>
        <i className={`${styles.swatch} hatched`} aria-hidden="true" />
        {t('legend.stale', { fresh: legend.fresh, total: legend.total })} · {t('legend.at', { time })}
      </span>
    </div>
  )
}
