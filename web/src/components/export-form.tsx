/** Take objects away: choose which and as what, see how far it is, get the file. */
import { DownloadOutlined } from '@ant-design/icons'
import { Alert, Button, Modal, Progress, Radio, Select, Switch } from 'antd'
import { useEffect, useState } from 'react'

import { EXPORT_FORMATS, EXPORT_TABLES, exportUrl, getExport, getTypes, isTabular, isUnderWay, startExport, stopExport } from '../api/exports'
import type { ExportFormat, ExportJob, ExportTable } from '../api/exports'
import { useResource } from '../api/resource'
import { formatNumber } from '../i18n/format'
import { failureSaid } from './said'
import { useText } from '../i18n/use-text'
import styles from './export-form.module.css'
import { closeExport } from './exporting'
import type { ExportScope } from './exporting'
import { useToast } from './toast'
import { useScene } from './use-park'

const POLL_MS = 500
const NOTES = ['parts', 'context', 'not_ifc', 'without_shape', 'columns_left_out'] as const

export function ExportForm({ scopes, first }: { scopes: readonly ExportScope[]; first: ExportScope }) {
  const { t, language } = useText()
  const toast = useToast()
  const [format, setFormat] = useState<ExportFormat>(first.ifc ? 'ifc' : 'glb')
  const [target, setTarget] = useState(first)
  const [type, setType] = useState('')
  const [storey, setStorey] = useState('')
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
    startExport({ selection: { ...target.selection, ...(type ? { type } : {}), ...(storey ? { storey } : {}) }, format, table, language, compact, name: target.name })
      .then(setJob, toast.problem)
      .finally(() => setStarting(false))
  }
  const choose = (one: ExportFormat): void => {
    setFormat(one)
    setJob(null) // what was made before is another file
  }
  const aim = (key: string): void => {
    const next = scopes.find((scope) => scope.key === key) ?? first
    setTarget(next)
    if (next.layer !== target.layer) {
      setType('')
      setStorey('')
    }
    choose(format === 'ifc' && !next.ifc ? 'glb' : format)
  }
  const close = (): void => {
    if (job && isUnderWay(job)) stopExport(job.id).catch(toast.problem)
    closeExport()
  }

  return (
    <Modal
      open
      width="38rem"
      title={scopes.length > 1 ? t('export.titleOpen') : target.label}
      okText={t('export.start')}
      okButtonProps={{ icon: <DownloadOutlined />, loading: busy, autoFocus: true }}
      cancelText={busy ? t('export.stop') : t('action.close')}
      onOk={start}
      onCancel={close}
      destroyOnHidden
    >
      <div className={styles.form}>
        {scopes.length > 1 ? (
          <Radio.Group
            className={styles.scopes}
            aria-label={t('export.scope')}
            value={target.key}
            disabled={busy}
            options={scopes.map((scope) => ({ value: scope.key, label: scope.label }))}
            onChange={(event) => aim(event.target.value as string)}
          />
        ) : null}
        <Filters
          layer={target.layer}
          type={type}
          storey={storey}
          disabled={busy}
          onType={(value) => {
            setType(value)
            setJob(null)
          }}
          onStorey={(value) => {
            setStorey(value)
            setJob(null)
          }}
        />
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

interface FilterProperties {
  layer: string | undefined
  type: string
  storey: string
  disabled: boolean
  onType: (value: string) => void
  onStorey: (value: string) => void
}

/** Only one class, only one storey: of the layer that the scope lies in, or of the park. */
function Filters({ layer, type, storey, disabled, onType, onStorey }: FilterProperties) {
  const { t, language, pick } = useText()
  const { data: types } = useResource(`types/${layer ?? ''}`, () => getTypes(layer))
  const { data: scene } = useScene()
  const layers = (scene?.layers ?? []).filter((one) => (layer ? one.layer === layer : one.group !== 'submission') && one.storeys.length > 0)
  return (
    <div className={styles.filters}>
      <Select
        value={type}
        disabled={disabled}
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('export.class')}
        options={[
          { value: '', label: t('export.allClasses') },
          ...(types ?? []).map((one) => ({ value: one.type, label: `${one.type} · ${formatNumber(one.count, language)}` })),
        ]}
        onChange={onType}
      />
      {layers.length > 0 ? (
        <Select
          value={storey}
          disabled={disabled}
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('storeys.storey')}
          options={[
            { value: '', label: t('storeys.all') },
            ...layers.flatMap((one) =>
              one.storeys.map((row) => ({ value: row.gid, label: layers.length > 1 ? `${pick(one.title, one.title_en)} · ${row.name}` : row.name })),
            ),
          ]}
          onChange={onStorey}
        />
      ) : null}
    </div>
  )
}

function Outcome({ job }: { job: ExportJob | null }) {
  const { t, language } = useText()
  if (!job) return null
  if (isUnderWay(job)) return <Progress percent={Math.round(job.progress * 100)} aria-label={t('job.progress')} />
  if (job.state !== 'done' || !job.result) {
    return <Alert type="error" showIcon title={failureSaid(job.error, language) ?? t(`job.${job.state}`)} />
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
