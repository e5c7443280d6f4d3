/** Take a selection away: choose a format, see how far it is, get the file. */
import { DownloadOutlined } from '@ant-design/icons'
import { Alert, Button, Modal, Progress, Radio, Select, Switch } from 'antd'
import { useEffect, useState } from 'react'

import { EXPORT_FORMATS, EXPORT_TABLES, exportUrl, getExport, isTabular, isUnderWay, startExport, stopExport } from '../api/exports'
import type { ExportFormat, ExportJob, ExportTable } from '../api/exports'
import { useStore } from '../api/store'
import { formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import styles from './export-dialog.module.css'
import { closeExport, exporting } from './exporting'
import type { ExportTarget } from './exporting'
import { useToast } from './toast'

const POLL_MS = 500
const NOTES = ['parts', 'context', 'not_ifc', 'without_shape', 'columns_left_out'] as const

/** Stands once beside the screens; `openExport` opens it. */
export function ExportDialog() {
  const target = useStore(exporting, (value) => value.target)
  return target ? <Dialog key={JSON.stringify(target)} target={target} /> : null
}

function Dialog({ target }: { target: ExportTarget }) {
  const { t, language } = useText()
  const toast = useToast()
  const [format, setFormat] = useState<ExportFormat>(target.ifc ? 'ifc' : 'glb')
  const [table, setTable] = useState<ExportTable>('objects')
  const [compact, setCompact] = useState(false)
  const [starting, setStarting] = useState(false)
  const [job, setJob] = useState<ExportJob | null>(null)
  const busy = starting || (job !== null && isUnderWay(job))

  useEffect(() => {
    if (!job || !isUnderWay(job)) return
    const timer = setTimeout(() => {
      getExport(job.id).then(
        (now) => {
          setJob(now)
          if (now.state === 'done') fetchFile(now)
        },
        (error: unknown) => {
          toast.problem(error)
          setJob({ ...job }) // ask again: the server may be back
        },
      )
    }, POLL_MS)
    return () => clearTimeout(timer)
  }, [job, toast])

  const start = (): void => {
    setStarting(true)
    setJob(null)
    startExport({ selection: target.selection, format, table, language, compact, name: target.name })
      .then(setJob, toast.problem)
      .finally(() => setStarting(false))
  }
  const choose = (one: ExportFormat): void => {
    setFormat(one)
    setJob(null) // what was made before is another file
  }
  const close = (): void => {
    if (job && isUnderWay(job)) stopExport(job.id).catch(toast.problem)
    closeExport()
  }

  return (
    <Modal
      open
      width="38rem"
      title={t('export.title', { name: target.name })}
      okText={t('export.start')}
      okButtonProps={{ icon: <DownloadOutlined />, loading: busy, autoFocus: true }}
      cancelText={busy ? t('export.stop') : t('action.close')}
      onOk={start}
      onCancel={close}
      destroyOnHidden
    >
      <div className={styles.form}>
        <Radio.Group className={styles.formats} value={format} disabled={busy} onChange={(event) => choose(event.target.value as ExportFormat)}>
          {EXPORT_FORMATS.map((one) => (
            <Radio key={one} value={one} disabled={one === 'ifc' && !target.ifc}>
              <strong>{one === 'parquet' ? 'Parquet' : one.toUpperCase()}</strong>
              <span>{one === 'ifc' && !target.ifc ? t('export.notIfc') : t(`exportHint.${one}`)}</span>
            </Radio>
          ))}
        </Radio.Group>
        {isTabular(format) ? (
          <label className={styles.option}>
            {t('export.table')}
            <Select<ExportTable>
              value={table}
              disabled={busy}
              aria-label={t('export.table')}
              style={{ width: '16rem' }}
              options={EXPORT_TABLES.map((one) => ({ value: one, label: t(`exportTable.${one}`) }))}
              onChange={setTable}
            />
          </label>
        ) : null}
        {format === 'glb' ? (
          <label className={styles.option}>
            {t('export.compact')}
            <Switch checked={compact} disabled={busy} aria-label={t('export.compact')} onChange={setCompact} />
          </label>
        ) : null}
        <Outcome job={job} />
      </div>
    </Modal>
  )
}

function Outcome({ job }: { job: ExportJob | null }) {
  const { t, language } = useText()
  if (!job) return null
  if (isUnderWay(job)) return <Progress percent={Math.round(job.progress * 100)} aria-label={t('job.progress')} />
  if (job.state !== 'done' || !job.result) {
    return <Alert type="error" showIcon title={job.error?.detail ?? job.error?.message ?? t(`job.${job.state}`)} />
  }
  const { objects, bytes, figures } = job.result
  const notes = NOTES.filter((name) => (figures[name] ?? 0) > 0)
  return (
    <Alert
      type="success"
      showIcon
      title={t('export.done', { objects: formatNumber(objects, language), size: formatNumber(bytes / 1e6, language, 2) })}
      description={
        <>
          {notes.map((name) => (
            <div key={name}>{t(`exportNote.${name}`, { count: figures[name] ?? 0 })}</div>
          ))}
          <Button type="link" className={styles.again} icon={<DownloadOutlined />} onClick={() => fetchFile(job)}>
            {job.file}
          </Button>
        </>
      }
    />
  )
}

/** Let the browser save the file; the address needs the session's cookie and nothing else. */
function fetchFile(job: ExportJob): void {
  const link = document.createElement('a')
  link.href = exportUrl(job.id)
  link.download = job.file
  document.body.append(link)
  link.click()
  link.remove()
}
