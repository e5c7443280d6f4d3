/** Importing a list: choose a file, read what it would do row by row, then do all of it. */
import { DownloadOutlined, UploadOutlined } from '@ant-design/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Button, Modal } from 'antd'
import { useRef, useState } from 'react'

import { api } from '../../api/client'
import type { ImportAction, ImportReport, ImportRow } from '../../api/devices'
import { importList, listFormat } from '../../api/devices'
import { useStore } from '../../api/store'
import { ErrorCard, Waiting } from '../../components/states'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { appearance } from '../../styles/scale'
import { changeText } from './device-card'
import styles from './devices-screen.module.css'

const ACTIONS: readonly ImportAction[] = ['refuse', 'add', 'change', 'same']

export function ImportWizard({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useText()
  const toast = useToast()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [report, setReport] = useState<ImportReport | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [busy, setBusy] = useState(false)

  const run = (chosen: File, dryRun: boolean): void => {
    const format = listFormat(chosen.name)
    if (!format) {
      setError(new Error(t('devices.wrongFile')))
      return
    }
    setBusy(true)
    setError(null)
    importList(chosen, format, dryRun)
      .then((found) => {
        setReport(found)
        if (!found.done) return
        toast.done(t('devices.imported', { add: found.counts.add, change: found.counts.change }))
        onDone()
        onClose()
      })
      .catch((problem: unknown) => setError(problem instanceof Error ? problem : new Error(String(problem))))
      .finally(() => setBusy(false))
  }
  const choose = (chosen: File | undefined): void => {
    if (!chosen) return
    setFile(chosen)
    setReport(null)
    run(chosen, true)
  }
  const changes = report ? report.counts.add + report.counts.change : 0
  const ready = report !== null && report.counts.refuse === 0 && changes > 0
  return (
    <Modal
      open
      width={860}
      title={t('devices.importTitle')}
      okText={t('devices.doImport', { count: changes })}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !ready, loading: busy && report !== null }}
      onOk={() => file && run(file, false)}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className={styles.quiet}>{t('devices.importLead')}</p>
      <p
        className={styles.tools}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          choose(event.dataTransfer.files[0])
        }}
      >
        <Button icon={<UploadOutlined />} onClick={() => input.current?.click()}>
          {t('devices.choose')}
        </Button>
        <Button icon={<DownloadOutlined />} href={api.url('/device-lists/template?format=xlsx')}>
          {t('devices.template')}
        </Button>
        <input
          ref={input}
          type="file"
          accept=".csv,.xlsx"
          hidden
          aria-label={t('devices.choose')}
          onChange={(event) => {
            choose(event.target.files?.[0])
            event.target.value = '' // the same file may be chosen again, mended
          }}
        />
        <span>{file?.name}</span>
      </p>
      {busy && !report ? (
        <div aria-label={t('devices.checking')}>
          <Waiting />
        </div>
      ) : null}
      {error ? <ErrorCard error={error} /> : null}
      {report ? <Report report={report} /> : null}
    </Modal>
  )
}

function Report({ report }: { report: ImportReport }) {
  const { t } = useText()
  const frame = useRef<HTMLDivElement>(null)
  const unit = useStore(appearance, (value) => value.unit)
  const rows = ordered(report.rows)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => 30 * unit, overscan: 8 })
  return (
    <section className={styles.section} aria-label={t('devices.planned')}>
      <h3>{t('devices.planned')}</h3>
      <p role="status">{ACTIONS.map((action) => `${t(`devices.rows.${action}`)} ${report.counts[action]}`).join(' · ')}</p>
      {report.counts.refuse > 0 ? <p className={styles.refused}>{t('devices.onlyRefused')}</p> : null}
      {report.counts.refuse === 0 && report.counts.add + report.counts.change === 0 ? <p>{t('devices.nothingToDo')}</p> : null}
      <div ref={frame} className="scroll" style={{ height: '20rem', overflow: 'auto' }} tabIndex={0} role="list" aria-label={t('devices.planned')}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="listitem"
                className={row.action === 'refuse' ? styles.refused : undefined}
                style={{ position: 'absolute', insetInline: 0, transform: `translateY(${item.start}px)`, padding: 'var(--space-1) 0' }}
              >
                {t('devices.line', { row: row.row })} · <strong>{row.id}</strong> · {t(`devices.rows.${row.action}`)} <span className={styles.quiet}>{said(row)}</span>
              </div>
            )
          })}
        </div>
      </div>
    </section>
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
