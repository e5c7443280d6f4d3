/** Says of the chosen samples what they should read as, and why. */
import { Button, Input, InputNumber, Segmented } from 'antd'
import { useState } from 'react'

import type { CorrectionAction, SamplePage } from '../../api/history'
import { correct, CORRECTIONS } from '../../api/history'
import { formatMoment, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { ErrorCard } from '../states'
import { useToast } from '../toast'
import styles from './history.module.css'
import { bounds } from './sample-rows'
import type { Chosen } from './sample-rows'

interface Properties {
  pointId: string
  unit: string
  page: SamplePage
  chosen: Chosen | null
  onDone: () => void
}

export function CorrectionForm({ pointId, unit, page, chosen, onDone }: Properties) {
  const { t, language } = useText()
  const toast = useToast()
  const [action, setAction] = useState<CorrectionAction>('value')
  const [value, setValue] = useState<number | null>(null)
  const [factor, setFactor] = useState<number | null>(1)
  const [offset, setOffset] = useState<number | null>(0)
  const [reason, setReason] = useState('')
  const [error, setError] = useState<Error | null>(null)
  const [busy, setBusy] = useState(false)
  const [first, last] = chosen ? bounds(chosen) : [0, -1]
  const [from, to] = [page.t[first], page.t[last]]
  const count = last - first + 1
  const numbers = { value: value === null ? null : { value }, scale: factor === null || offset === null ? null : { factor, offset }, exclude: {} }[action]
  const ready = from !== undefined && to !== undefined && numbers !== null && reason.trim() !== ''
  const send = (): void => {
    if (!ready) return
    setBusy(true)
    correct({ point_id: pointId, from, to: to + 1, action, ...numbers, reason: reason.trim() })
      .then((made) => {
        toast.done(t('correction.done', { count: made.samples }))
        setError(null)
        setReason('')
        onDone()
      })
      .catch((problem: unknown) => setError(problem instanceof Error ? problem : new Error(String(problem))))
      .finally(() => setBusy(false))
  }
  return (
    <form
      className={styles.form}
      aria-label={t('correction.make')}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <h3>{t('correction.make')}</h3>
      <p role="status">{count > 0 ? t('correction.span', { from: formatMoment(from), to: formatMoment(to), count }) : t('correction.none')}</p>
      <Segmented<CorrectionAction>
        block
        aria-label={t('correction.way')}
        value={action}
        onChange={setAction}
        options={CORRECTIONS.map((one) => ({ value: one, label: t(`correction.action.${one}`) }))}
      />
      <p className={styles.quiet}>{t(`correction.hint.${action}`)}</p>
      {action === 'exclude' ? null : (
        <div className={styles.fields}>
          {action === 'value' ? (
            <Figure label={`${t('correction.to')}${unit ? ` (${unitText(unit, language)})` : ''}`} value={value} onChange={setValue} />
          ) : (
            <>
              <Figure label={t('correction.factor')} value={factor} onChange={setFactor} />
              <Figure label={t('correction.offset')} value={offset} onChange={setOffset} />
            </>
          )}
        </div>
      )}
      <label>
        {t('correction.reason')}
        <Input maxLength={1000} value={reason} placeholder={t('correction.reasonHint')} onChange={(event) => setReason(event.target.value)} />
      </label>
      {error ? <ErrorCard error={error} /> : null}
      <Button type="primary" htmlType="submit" disabled={!ready} loading={busy}>
        {t('correction.send', { count })}
      </Button>
    </form>
  )
}

function Figure({ label, value, onChange }: { label: string; value: number | null; onChange: (value: number | null) => void }) {
  return (
    <label>
      {label}
      <InputNumber style={{ width: '100%' }} value={value} onChange={onChange} />
    </label>
  )
}
