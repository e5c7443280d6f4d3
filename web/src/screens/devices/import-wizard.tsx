/** Importing a list: choose a file, read what it would do row by row, then do all of it. */
import { DownloadOutlined } from '@ant-design/icons'
import { Button, Modal } from 'antd'

import { api } from '../../api/client'
import type { ImportAction, ImportReport, ImportRow } from '../../api/devices'
import { importList, listFormat } from '../../api/devices'
import { ErrorCard, Waiting } from '../../components/states'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { changeText } from './device-card'
import { FileDrop } from './file-drop'
import { ReportRows } from './report-rows'
import { useReport } from './use-report'
import styles from './wizards.module.css'

const ACTIONS: readonly ImportAction[] = ['refuse', 'add', 'change', 'same']

export function ImportWizard({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useText()
  const toast = useToast()
  const { file, report, error, busy, choose, apply } = useReport<ImportReport>(
    async (chosen, forGood) => {
      const format = listFormat(chosen.name)
      if (!format) throw new Error(t('devices.wrongFile'))
      return importList(chosen, format, !forGood)
    },
    (found) => {
      if (!found.done) return
      toast.done(t('devices.imported', { add: found.counts.add, change: found.counts.change }))
      onDone()
      onClose()
    },
  )
  const changes = report ? report.counts.add + report.counts.change : 0
  const ready = report !== null && report.counts.refuse === 0 && changes > 0
  return (
    <Modal
      open
      width={960}
      title={t('devices.importTitle')}
      okText={t('devices.doImport', { count: changes })}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !ready, loading: busy && report !== null }}
      onOk={apply}
      onCancel={onClose}
      destroyOnHidden
    >
      <div className={styles.wizard}>
        <p className={styles.quiet}>{t('devices.importLead')}</p>
        <FileDrop label={t('devices.choose')} accept=".csv,.xlsx" file={file} onFile={choose}>
          <Button type="link" icon={<DownloadOutlined />} href={api.url('/device-lists/template?format=xlsx')}>
            {t('devices.template')}
          </Button>
        </FileDrop>
        {busy && !report ? (
          <div aria-label={t('devices.checking')}>
            <Waiting />
          </div>
        ) : null}
        {error ? <ErrorCard error={error} /> : null}
        {report ? <Report report={report} /> : null}
      </div>
    </Modal>
  )
}

function Report({ report }: { report: ImportReport }) {
  const { t } = useText()
  const { counts } = report
  const rows = ordered(report.rows)
  return (
    <>
      <p role="status">
        <strong>{ACTIONS.map((action) => `${t(`devices.rows.${action}`)} ${counts[action]}`).join(' · ')}</strong>
        {counts.refuse > 0 ? <span className={styles.refused}> {t('devices.onlyRefused')}</span> : null}
        {counts.refuse === 0 && counts.add + counts.change === 0 ? <span> {t('devices.nothingToDo')}</span> : null}
      </p>
      {rows.length > 0 ? (
        <ReportRows
          label={t('devices.planned')}
          columns="4rem minmax(0, 1fr) 5rem minmax(0, 2.4fr)"
          head={[t('devices.lineHead'), t('devices.field.id'), t('devices.resultHead'), t('devices.whyHead')]}
          count={rows.length}
          bad={(index) => rows[index]?.action === 'refuse'}
          row={(index) => {
            const { [index]: row } = rows
            return row ? [row.row, <strong key="id">{row.id}</strong>, t(`devices.rows.${row.action}`), said(row)] : []
          }}
        />
      ) : null}
    </>
  )
}

/** What needs attention first: refused rows, then those with hints, then changes; unchanged ones are not listed. */
export function ordered(rows: readonly ImportRow[]): ImportRow[] {
  const weight = (row: ImportRow): number => (row.action === 'refuse' ? 0 : row.hints.length > 0 ? 1 : 2)
  return rows.filter((row) => row.action !== 'same').toSorted((a, b) => weight(a) - weight(b) || a.row - b.row)
}

function said(row: ImportRow): string {
  const words = [...row.reasons, ...row.hints]
  return words.length > 0 ? words.join('; ') : Object.entries(row.changes).map(([name, value]) => changeText(name, value)).join('; ')
}
