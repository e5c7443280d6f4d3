/** Saved views: show, name, order, share, play as a tour. */
import { ArrowDownOutlined, ArrowUpOutlined, CaretRightOutlined, DeleteOutlined, LinkOutlined, PauseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'

import { useStore } from '../../api/store'
import { useText } from '../../i18n/use-text'
import { MOST_CHARACTERS, tourToText, viewToText } from '../../tools/stage-view'
import { showView, takeView } from '../../tools/view-of-stage'
import { copyText } from '../copy'
import { useStage } from '../stage-context'
import { useToast } from '../toast'
import { savedViewsOf, tourOf } from '../views'
import styles from './tool-panel.module.css'
import type { StageController } from '../../tools/stage-controller'

export default function ViewsPanel() {
  const stage = useStage()
  return stage ? <Views stage={stage} /> : null
}

function Views({ stage }: { stage: StageController }) {
  const toast = useToast()
  const { t } = useText()
  const saved = savedViewsOf(stage)
  const tour = tourOf(stage)
  const stops = useStore(saved.store, (value) => value.stops)
  const playing = useStore(tour.store, (value) => value.playing)
  const at = useStore(tour.store, (value) => value.at)

  const share = (key: 'view' | 'tour', text: string): void => {
    if (text.length > MOST_CHARACTERS) return toast.problem(new Error(t('viewing.tooLong')))
    const url = new URL(location.href)
    for (const other of ['view', 'tour', 'cam', 'gid', 'storey']) url.searchParams.delete(other)
    url.searchParams.set(key, text)
    copyText(url.href).then(() => toast.done(t('viewing.copied')), toast.problem)
  }
  return (
    <>
      <div className={styles.row}>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => saved.add(t('viewing.name', { number: stops.length + 1 }), takeView(stage))}>
          {t('viewing.save')}
        </Button>
        <Button icon={<LinkOutlined />} onClick={() => share('view', viewToText(takeView(stage)))}>
          {t('viewing.link')}
        </Button>
      </div>
      {stops.length === 0 ? <p className={styles.hint}>{t('viewing.empty')}</p> : null}
      <ol className={styles.list}>
        {stops.map((stop, index) => (
          <li key={index} aria-current={at === index ? 'true' : undefined}>
            <Input size="small" value={stop.name} aria-label={t('viewing.rename')} onChange={(event) => saved.rename(index, event.target.value)} />
            <Button type={at === index ? 'primary' : 'text'} size="small" icon={<CaretRightOutlined />} aria-label={`${stop.name} ${t('viewing.show')}`} title={t('viewing.show')} onClick={() => showView(stage, stop.view).catch(toast.problem)} />
            <Button type="text" size="small" icon={<ArrowUpOutlined />} disabled={index === 0} aria-label={`${stop.name} ${t('viewing.up')}`} onClick={() => saved.move(index, -1)} />
            <Button type="text" size="small" icon={<ArrowDownOutlined />} disabled={index === stops.length - 1} aria-label={`${stop.name} ${t('viewing.down')}`} onClick={() => saved.move(index, 1)} />
            <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`${stop.name} ${t('viewing.remove')}`} onClick={() => saved.remove(index)} />
          </li>
        ))}
      </ol>
      <div className={styles.row}>
        <Button icon={playing ? <PauseOutlined /> : <CaretRightOutlined />} disabled={stops.length < 2} onClick={() => (playing ? tour.stop() : tour.play(stops).catch(toast.problem))}>
          {t(playing ? 'viewing.pause' : 'viewing.play')}
        </Button>
        <Button icon={<LinkOutlined />} disabled={stops.length === 0} onClick={() => share('tour', tourToText(stops))}>
          {t('viewing.tourLink')}
        </Button>
      </div>
    </>
  )
}
