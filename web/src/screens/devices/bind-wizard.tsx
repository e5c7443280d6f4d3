/** Binding a building's description (Brick, Haystack): what of it is which object or point here, then devices of what is bound. */
import { Modal, Segmented } from 'antd'
import { useState } from 'react'

import type { BindReport, BindResult, BindRow } from '../../api/devices'
import { BIND_RESULTS, bindDescription, descriptionFormat } from '../../api/devices'
import { SeverityMark } from '../../components/severity-mark'
import type { Mark } from '../../components/severity-mark'
import { Empty, ErrorCard, Waiting } from '../../components/states'
import { useToast } from '../../components/toast'
import { formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { FileDrop } from './file-drop'
import { ReportRows } from './report-rows'
import { useReport } from './use-report'
import styles from './wizards.module.css'

const MARKS: Record<BindResult, Mark> = { bound: 'normal', ambiguous: 'minor', unmatched: 'stale' }

/** Of many things with the same name, so many are named. */
const CANDIDATES = 3

interface Properties {
  open: boolean
  onClose: () => void
  onDone: () => void
}

export function BindWizard({ open, ...given }: Properties) {
  return open ? <Wizard {...given} /> : null
}

function Wizard({ onClose, onDone }: Omit<Properties, 'open'>) {
  const { t } = useText()
  const toast = useToast()
  const { file, report, error, busy, choose, apply } = useReport<BindReport>(
    async (chosen, forGood) => {
      const format = descriptionFormat(chosen.name)
      if (!format) throw new Error(t('deviceBind.wrongFile'))
      return bindDescription(chosen, format, forGood)
    },
    (found) => {
      toast.done(t('devices.imported', { add: found.import.counts.add, change: found.import.counts.change }))
      onDone()
      onClose()
    },
  )
  const counts = report?.import.counts
  const changes = counts ? counts.add + counts.change : 0
  return (
    <Modal
      open
      width={1100}
      title={t('deviceBind.title')}
      okText={t('deviceBind.register', { count: changes })}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: changes === 0 || (counts?.refuse ?? 0) > 0, loading: busy && report !== null }}
      onOk={apply}
      onCancel={onClose}
      destroyOnHidden
    >
      <div className={styles.wizard}>
        <p className={styles.quiet}>{t('deviceBind.lead')}</p>
        <FileDrop label={t('deviceBind.choose')} accept=".ttl,.json,.zinc,.trio" file={file} onFile={choose} />
        {busy && !report ? (
          <div aria-label={t('deviceBind.binding')}>
            <Waiting />
          </div>
        ) : null}
        {error ? <ErrorCard error={error} /> : null}
        {report ? <Report report={report} /> : null}
      </div>
    </Modal>
  )
}

function Report({ report }: { report: BindReport }) {
  const { t, language } = useText()
  const [shown, setShown] = useState<BindResult | 'all'>('all')
  const of = (result: BindResult): number => report.rows.filter((row) => row.result === result).length
  const rows = shown === 'all' ? report.rows : report.rows.filter((row) => row.result === shown)
  const refused = report.import.rows.filter((row) => row.action === 'refuse')
  const skipped = Object.values(report.skipped).reduce((sum, count) => sum + count, 0)
  const notes = [
    ...(report.points.length > 0 ? [t('deviceBind.points', { count: report.points.length })] : []),
    ...(skipped > 0 ? [t('deviceBind.skipped', { count: skipped, kinds: Object.keys(report.skipped).slice(0, 5).join(', ') })] : []),
  ]
  const percent = (share: number): string => `${formatNumber(100 * share, language, 0)} %`
  const said = ({ target, how, why, candidates }: BindRow) => (
    <>
      {target}
      <small>{target ? how : why}</small>
      {candidates.length > 0 && !target ? (
        <small>{t('deviceBind.candidates', { list: candidates.slice(0, CANDIDATES).map((one) => `${one.name} ${one.id} (${percent(one.likeness)})`).join('; ') })}</small>
      ) : null}
    </>
  )
  return (
    <>
      <div className={styles.bar}>
        <Segmented<BindResult | 'all'>
          aria-label={t('deviceBind.shown')}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'all', label: `${t('devices.all')} ${report.rows.length}` },
            ...BIND_RESULTS.map((one) => ({ value: one, label: `${t(`deviceBind.result.${one}`)} ${of(one)}` })),
          ]}
        />
        <span role="status">{t('deviceBind.plan', { ...report.import.counts })}</span>
      </div>
      {refused.length > 0 ? (
        <p className={styles.refused} role="alert">
          {t('deviceBind.refused', { list: refused.slice(0, 3).map((row) => `${row.id}: ${row.reasons.join('; ')}`).join('; ') })}
        </p>
      ) : null}
      {rows.length === 0 ? (
        <Empty title={t('deviceBind.nothing')} hint={t('deviceBind.nothingHint')} />
      ) : (
        <ReportRows
          label={t('deviceBind.report')}
          columns="4.5rem minmax(0, 1.2fr) 6.5rem minmax(0, 2fr)"
          head={[t('deviceBind.sortHead'), t('devices.field.name'), t('devices.resultHead'), t('deviceBind.targetHead')]}
          count={rows.length}
          row={(index) => {
            const { [index]: row } = rows
            if (!row) return []
            return [
              t(`deviceBind.sort.${row.sort}`),
              <span key="name" title={row.id}>
                {row.name || row.id}
                <small>{row.class}</small>
              </span>,
              <span key="result" className={styles.mark}>
                <SeverityMark mark={MARKS[row.result]} size={1} />
                {t(`deviceBind.result.${row.result}`)}
              </span>,
              said(row),
            ]
          }}
        />
      )}
      {notes.length > 0 ? <p className={styles.quiet}>{notes.join(' ')}</p> : null}
    </>
  )
}
