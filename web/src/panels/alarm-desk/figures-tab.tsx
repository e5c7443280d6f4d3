/** How the alarms fare: times, rates, floods, standing, the most frequent; beside the figures to compare with, with their mark. */
import { InputNumber, Segmented } from 'antd'
import { useState } from 'react'

import { useAlarmFigures, useAlarmRules } from '../../api/alarms'
import { live } from '../../api/live'
import { usePast } from '../../api/past'
import type { AlarmFigures, FrequentAlarm } from '../../api/types'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { formatNumber, formatSpan } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './alarm-desk.module.css'

const SPANS = [24, 168, 720] as const
type Span = (typeof SPANS)[number]

export function FiguresTab() {
  const { t } = useText()
  const [hours, setHours] = useState<Span>(24)
  const [operators, setOperators] = useState(1)
  const { data, error, reload } = useAlarmFigures(hours, operators)
  return (
    <>
      <div className={styles.row}>
        <Segmented<Span>
          value={hours}
          onChange={setHours}
          aria-label={t('alarmFigure.span')}
          options={SPANS.map((one) => ({ value: one, label: t(`alarmFigure.${one}`) }))}
        />
        <label className={styles.operators}>
          {t('alarmFigure.operators')}
          <InputNumber min={1} max={100} value={operators} style={{ width: '5rem' }} onChange={(value) => setOperators(value ?? 1)} />
        </label>
      </div>
      {error && !data ? <ErrorCard error={error} retry={reload} /> : null}
      {!data && !error ? <Skeleton /> : null}
      {data ? <Figures figures={data} /> : null}
    </>
  )
}

type Row = [string, string, boolean?]

function Figures({ figures }: { figures: AlarmFigures }) {
  const { t, language } = useText()
  const then = usePast()
  const marks = figures.benchmarks
  const number = (value: number): string => formatNumber(value, language)
  const share = `${formatNumber(100 * figures.flood_share, language, 1)} %`
  // Counted by the server among the alarms of now: they say nothing of a past moment.
  const standing: Row[] = [
    [t('alarmFigure.standing'), number(figures.standing)],
    [t('alarmFigure.stale', { hours: marks.stale_hours }), number(figures.stale), figures.stale > 0],
    [t('alarmFigure.held'), number(figures.held)],
  ]
  const rows: Row[] = [
    [t('alarmFigure.raised'), number(figures.raised)],
    [t('alarmFigure.mtta'), formatSpan(figures.mtta_s, language)],
    [t('alarmFigure.mttr'), formatSpan(figures.mttr_s, language)],
    [t('alarmFigure.perHour'), number(figures.per_operator_hour)],
    [t('alarmFigure.perDay'), number(figures.per_operator_day), figures.per_operator_day > marks.per_operator_day],
    [t('alarmFigure.peak'), number(figures.peak), figures.floods > 0],
    [t('alarmFigure.floods'), t('alarmFigure.floodShare', { count: figures.floods, share }), figures.floods > 0],
    ...(then ? [] : standing),
    [t('alarmFigure.escalated'), number(figures.escalated), figures.escalated > 0],
  ]
  return (
    <>
      <dl className={styles.figures}>
        {rows.map(([name, value, mark]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-mark={mark}>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.hint}>
        {t('alarmFigure.benchmark', {
          day: marks.per_operator_day,
          flood: marks.flood_count,
          minutes: marks.flood_minutes,
          source: marks.source,
          mark: marks.mark,
        })}
      </p>
      {figures.raised === 0 ? <Empty title={t('alarmFigure.nothing')} hint={t('alarmFigure.nothingHint')} /> : null}
      <Frequent title={t('alarmFigure.top')} rows={figures.top} />
      <Frequent title={t('alarmFigure.chattering')} rows={figures.chattering} />
    </>
  )
}

function Frequent({ title, rows }: { title: string; rows: readonly FrequentAlarm[] }) {
  const { language, pick } = useText()
  const rules = useAlarmRules()
  const ruleName = (id: string): string => {
    const rule = rules.find((one) => one.id === id)
    return (rule && pick(rule.message_zh, rule.message_en)) || id
  }
  if (rows.length === 0) return null
  return (
    <>
      <h3 className={styles.head}>{title}</h3>
      <table className={styles.top}>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.rule}/${row.point_id}`}>
              <td title={row.rule}>{ruleName(row.rule)}</td>
              <td title={row.point_id}>{live.columns?.name[live.indexOf(row.point_id)] || row.point_id}</td>
              <td>
                {formatNumber(row.count, language)} · {formatNumber(100 * row.share, language, 0)} %
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
