/** Cutting planes and the box: add, push, flip, remove. */
import { DeleteOutlined, SwapOutlined } from '@ant-design/icons'
import { Button, Slider, Switch } from 'antd'
import { useEffect } from 'react'

import { formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { useStage, useStageState } from '../stage-context'
import styles from './tool-panel.module.css'
import { usePlugin } from './use-plugin'

const MOST = 6

export default function SectionPanel() {
  const stage = useStage()
  const tool = usePlugin('section')
  const { t, language } = useText()
  const section = useStageState((state) => state.section, null)
  const byFace = useStageState((state) => state.tool === 'section', false)
  const range = stage?.sectionRange() ?? [0, 1]
  const planes = section?.planes ?? []
  const full = planes.length + (section?.top === undefined ? 0 : 1) >= MOST

  useEffect(() => {
    tool?.setHandles(true)
    return () => tool?.setHandles(false)
  }, [tool])

  const { top } = section ?? {}
  return (
    <>
      {top !== undefined ? (
        <div className={styles.field}>
          <span>
            {t('cutting.top')} <span className={styles.value}>{formatNumber(top, language, 1)} m</span>
          </span>
          <Slider ariaLabelForHandle={t('cutting.top')} min={range[0]} max={range[1]} step={0.1} value={top} tooltip={{ open: false }} onChange={(value) => stage?.setSection({ ...section, top: value })} />
        </div>
      ) : null}
      {planes.map((plane, index) => {
        const [least, most] = tool?.reach(index) ?? [0, 1]
        const name = t('cutting.plane', { number: index + 1 })
        return (
          <div key={index} className={styles.field}>
            <div className={styles.row} style={{ justifyContent: 'space-between' }}>
              <span>{name}</span>
              <span>
                <Button type="text" size="small" icon={<SwapOutlined />} aria-label={`${name} ${t('cutting.flip')}`} title={t('cutting.flip')} onClick={() => tool?.flip(index)} />
                <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`${name} ${t('cutting.remove')}`} title={t('cutting.remove')} onClick={() => tool?.remove(index)} />
              </span>
            </div>
            <Slider ariaLabelForHandle={name} min={least} max={most} step={0.1} value={plane.distance} tooltip={{ open: false }} onChange={(value) => tool?.move(index, value)} />
          </div>
        )
      })}
      <div className={styles.field}>
        <span className={styles.hint}>{full ? t('cutting.full') : t('cutting.add')}</span>
        <div className={styles.row} role="group" aria-label={t('cutting.add')}>
          {(['x', 'y', 'z'] as const).map((axis) => (
            <Button key={axis} size="small" disabled={!tool || full} onClick={() => tool?.addPlane(axis)}>
              {t(({ x: 'cutting.addX', y: 'cutting.addY', z: 'cutting.addZ' } as const)[axis])}
            </Button>
          ))}
          <Button size="small" type={byFace ? 'primary' : 'default'} aria-pressed={byFace} disabled={!byFace && full} title={t('cutting.byFaceHint')} onClick={() => void stage?.viewer.setTool(byFace ? 'select' : 'section')}>
            {t('cutting.byFace')}
          </Button>
        </div>
      </div>
      <label className={styles.row}>
        <Switch size="small" aria-label={t('cutting.box')} disabled={!tool} checked={Boolean(section?.box)} onChange={(on) => tool?.setBox(on ? undefined : null)} />
        {t('cutting.box')}
        <span className={styles.hint}>{t('cutting.boxHint')}</span>
      </label>
      <div className={styles.row}>
        <Button disabled={!section} onClick={() => stage?.setSection(null)}>
          {t('cutting.clear')}
        </Button>
      </div>
    </>
  )
}
