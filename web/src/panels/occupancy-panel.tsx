/** People in the park by building. */
import { live } from '../api/live'
import { BarList } from '../components/bar-list'
import { useStage } from '../components/stage-context'
import { Empty } from '../components/states'
import { useLive } from '../components/use-live'
import { formatNumber } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { KINDS } from '../tools/kinds'
import { summarise } from '../tools/live-sums'
import styles from './panel.module.css'
import { useBuildingSums } from './use-buildings'

export function OccupancyPanel() {
  const { t, language, pick } = useText()
  const stage = useStage()
  const total = useLive(() => summarise(live, live.ofKinds(KINDS.people)), 'people', 1)
  const buildings = useBuildingSums(KINDS.people)
  if (total.total === 0) return <Empty title={t('panel.noOccupancy')} hint={t('panel.bindHint')} />
  return (
    <div className={styles.column}>
      <p className={styles.headline}>
        <strong>{formatNumber(total.sum, language, 0)}</strong>
        <span>{t('unit.people')}</span>
        <span>{t('panel.rooms', { count: total.fresh })}</span>
      </p>
      <BarList
        color="var(--series-2)"
        bars={buildings.map(({ layer, summary }) => ({
          key: layer.layer,
          label: pick(layer.title, layer.title_en),
          value: Number.isFinite(summary.sum) ? summary.sum : null,
          text: formatNumber(summary.sum, language, 0),
          unit: t('unit.people'),
          stale: summary.fresh === 0,
          onClick: () => void stage?.viewer.flyTo(layer.box),
        }))}
      />
    </div>
  )
}
