/** Pictures up to 8K, and printing with title, date and north. */
import { CameraOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useState } from 'react'

import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { saveFile } from '../copy'
import { useStage } from '../stage-context'
import { useToast } from '../toast'
import { usePark } from '../use-park'
import { printPicture } from './print-picture'
import styles from './tool-panel.module.css'

const WIDTHS = { stage: 0, size4k: 3840, size8k: 7680 } as const
/** Wide enough for A3 at 300 dots an inch. */
const PRINT_WIDTH = 4800

export default function PicturePanel({ name }: { name: string }) {
  const stage = useStage()
  const toast = useToast()
  const { t, pick } = useText()
  const { data: park } = usePark()
  const [size, setSize] = useState<keyof typeof WIDTHS>('stage')
  const [busy, setBusy] = useState(false)

  const make = async (width: number): Promise<Blob> => {
    if (!stage) throw new Error('The stage is gone.')
    return width ? (await stage.viewer.use('capture')).png({ width }) : stage.viewer.screenshot()
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
