/** Pictures up to 8K, and printing with title, date and north. */
import { CameraOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Segmented, Select } from 'antd'
import { useState } from 'react'

import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import type { StageController } from '../../tools/stage-controller'
import { saveFile } from '../copy'
import { useStage } from '../stage-context'
import { useToast } from '../toast'
import { usePark } from '../use-park'
import { PAPERS, printPicture } from './print-picture'
import type { Paper } from './print-picture'
import styles from './tool-panel.module.css'

const WIDTHS = { stage: 0, size4k: 3840, size8k: 7680 } as const
/** Wide enough for A3 at 300 dots an inch. */
const PRINT_WIDTH = 4800

/** Share of the picture's width that a metre across takes where the camera looks. */
function metreShare(stage: StageController | null): number {
  if (!stage) return 0.001
  const { position, target } = stage.viewer.camera
  const [dx, dy] = [target[0] - position[0], target[1] - position[1]]
  const plan = Math.hypot(dx, dy)
  const right = plan > 1e-6 ? [dy / plan, -dx / plan] : [1, 0]
  const at = (side: number): [number, number] | null => stage.viewer.toScreen([target[0] + (right[0] as number) * side, target[1] + (right[1] as number) * side, target[2]])
  const [a, b] = [at(-0.5), at(0.5)]
  return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) / stage.viewer.canvas.clientWidth : 0.001
}

export default function PicturePanel({ name }: { name: string }) {
  const stage = useStage()
  const toast = useToast()
  const { t, pick } = useText()
  const { data: park } = usePark()
  const [size, setSize] = useState<keyof typeof WIDTHS>('stage')
  const [paper, setPaper] = useState<Paper>('A4')
  const [busy, setBusy] = useState(false)

  const make = async (width: number): Promise<Blob> => {
    if (!stage) throw new Error('The stage is gone.')
    if (!width) return stage.viewer.screenshot()
    const capture = await stage.viewer.use('capture')
    const picture = await capture.png({ width })
    if (!capture.last?.finest) toast.notice('minor', t('picturing.coarse'))
    return picture
  }
  const run = (work: () => Promise<void>): void => {
    setBusy(true)
    work()
      .catch(toast.problem)
      .finally(() => setBusy(false))
  }
  const save = async (): Promise<void> => {
    saveFile(`${name}.png`, await make(WIDTHS[size]))
    toast.done(t('toast.picture'))
  }
  const print = async (): Promise<void> => {
    const { position, target } = stage?.viewer.camera ?? { position: [0, 0, 0], target: [0, 1, 0] }
    await printPicture(await make(PRINT_WIDTH), {
      title: park ? pick(park.name, park.name_en) : t('product.name'),
      note: t('picturing.printed', { time: formatMoment(Date.now()) }),
      north: t('picturing.north'),
      heading: Math.atan2(target[0] - position[0], target[1] - position[1]),
      metre: metreShare(stage),
      scaleNote: t('picturing.scale'),
      paper,
    })
  }
  return (
    <>
      <Select
        aria-label={t('picturing.sizes')}
        value={size}
        onChange={setSize}
        options={(Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]).map((one) => ({ value: one, label: t(`picturing.${one}`) }))}
      />
      <div className={styles.between}>
        <span className={styles.hint}>{t('picturing.paper')}</span>
        <Segmented<Paper> size="small" aria-label={t('picturing.paper')} value={paper} onChange={setPaper} options={[...PAPERS]} />
      </div>
      <div className={styles.row}>
        <Button type="primary" icon={<CameraOutlined />} loading={busy} disabled={!stage} onClick={() => run(save)}>
          {t('picturing.save')}
        </Button>
        <Button icon={<PrinterOutlined />} disabled={!stage || busy} onClick={() => run(print)}>
          {t('picturing.print')}
        </Button>
      </div>
      {busy ? <p role="status">{t('picturing.busy')}</p> : null}
    </>
  )
}
