/** What is measured, the results, undo. */
import { DeleteOutlined, UndoOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useEffect, useState } from 'react'

import { formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import type { Measurement } from '../../viewer/types'
import { useStage } from '../stage-context'
import styles from './tool-panel.module.css'
import { usePlugin } from './use-plugin'

const KINDS = ['distance', 'height', 'angle', 'area', 'point', 'clearance'] as const

export default function MeasurePanel() {
  const stage = useStage()
  const tool = usePlugin('measure')
  const { t, language } = useText()
  const [kind, setKind] = useState<(typeof KINDS)[number]>('distance')
  const [{ list, open }, setState] = useState<{ list: readonly Measurement[]; open: number }>({ list: [], open: 0 })

  useEffect(() => {
    if (!stage || !tool) return
    setKind(tool.kind)
    setState({ list: tool.list, open: 0 })
    return stage.viewer.on('measures', setState)
  }, [stage, tool])

  const value = (m: Measurement): string => {
    if (m.kind === 'point') return m.from.map((v) => formatNumber(v, language, 2)).join(', ')
    return `${formatNumber(m.value, language, m.unit === '°' ? 1 : 2)}${m.unit === '°' ? '°' : ` ${m.unit}`}`
  }
  const more = (m: Measurement): string => {
    if (m.kind === 'distance') return `Δx ${formatNumber(m.dx, language, 2)}  Δy ${formatNumber(m.dy, language, 2)}  Δz ${formatNumber(m.dz, language, 2)}`
    if (m.kind !== 'area') return ''
    return [t('measuring.horizontal', { value: formatNumber(m.planArea ?? 0, language, 2) }), t('measuring.perimeter', { value: formatNumber(m.perimeter ?? 0, language, 2) })].join(' · ')
  }
  return (
    <>
      <Select
        value={kind}
        aria-label={t('measuring.kinds')}
        options={KINDS.map((one) => ({ value: one, label: t(`measuring.${one}`) }))}
        onChange={(next) => {
          setKind(next)
          tool?.setKind(next)
        }}
      />
      <p className={styles.hint}>{t(`measuring.${kind}Hint`)}</p>
      {list.length === 0 ? <p className={styles.hint}>{t('measuring.empty')}</p> : null}
      <ol className={styles.list} aria-live="polite">
        {list.map((m) => (
          <li key={m.id}>
            <span>
              {t(`measuring.${m.kind}`)} <span className={styles.value}>{value(m)}</span>
              <br />
              <span className={styles.hint}>{more(m)}</span>
            </span>
            <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('measuring.remove')} onClick={() => tool?.remove(m.id)} />
          </li>
        ))}
      </ol>
      <div className={styles.row}>
        {kind === 'area' ? (
          <Button type="primary" disabled={open < 3} onClick={() => tool?.finish()}>
            {t('measuring.finish')}
          </Button>
        ) : null}
        <Button icon={<UndoOutlined />} disabled={list.length + open === 0} onClick={() => tool?.undo()}>
          {t('measuring.undo')}
        </Button>
        <Button disabled={list.length + open === 0} onClick={() => tool?.clear()}>
          {t('measuring.clear')}
        </Button>
      </div>
    </>
  )
}
