/** Indoor climate: means, share of comfortable rooms, and the rooms that need a look. */
import { api } from '../api/client'
import { live } from '../api/live'
import type { ObjectCard } from '../api/types'
import { useStage } from '../components/stage-context'
import { Empty } from '../components/states'
import { useToast } from '../components/toast'
import { useLive } from '../components/use-live'
import { formatNumber, formatReading } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { comfort } from '../tools/comfort'
import { KINDS } from '../tools/kinds'
import { summarise } from '../tools/live-sums'
import styles from './panel.module.css'

export function EnvironmentPanel() {
  const { t, language } = useText()
  const stage = useStage()
  const toast = useToast()
  const view = useLive(
    () => ({
      temperature: summarise(live, live.ofKinds(KINDS.temperature)),
      humidity: summarise(live, live.ofKinds(KINDS.humidity)),
      co2: summarise(live, live.ofKinds(KINDS.co2)),
      comfort: comfort(live),
    }),
    'environment',
    1,
  )
  if (view.temperature.total + view.co2.total === 0) return <Empty title={t('panel.noEnvironment')} hint={t('panel.bindHint')} />
  const cells = [
    { key: 'temperature', name: t('panel.temperature'), value: formatReading(view.temperature.mean, '°C', language), unit: '°C' },
    { key: 'humidity', name: t('panel.humidity'), value: formatReading(view.humidity.mean, '%', language), unit: '%' },
    { key: 'co2', name: t('panel.co2'), value: formatReading(view.co2.mean, 'ppm', language), unit: 'ppm' },
  ]
  const open = (gid: string): void => {
    api.get<ObjectCard>('/objects/card', { gid }).then((item) => stage?.reveal(item, { open: true }), toast.problem)
  }
  const { comfortable, rooms, worst } = view.comfort
  return (
    <div className={styles.column}>
      <div className={styles.cells}>
        {cells.map((cell) => (
          <div key={cell.key} className={styles.cell}>
            <span>{cell.name}</span>
            <strong>
              {cell.value} <small>{cell.unit}</small>
            </strong>
          </div>
        ))}
      </div>
      <p className={styles.headline} style={{ fontSize: 'var(--size-1)' }}>
        <span>{t('panel.comfortable')}</span>
        <span>
          {rooms > 0 ? `${formatNumber(Math.floor((comfortable / rooms) * 1000) / 10, language, 1)}% · ${comfortable}/${rooms}` : t('quality.never')}
        </span>
      </p>
      <ul className={styles.rooms} aria-label={t('panel.worstRooms')}>
        {worst.map((room) => (
          <li key={room.gid}>
            <button type="button" onClick={() => open(room.gid)}>
              <span>{room.name}</span>
              <b>{formatReading(room.value, room.unit, language)} {room.unit}</b>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
