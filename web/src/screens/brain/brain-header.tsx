/** Top of the wall: park, themes, title, weather, clock, connection. */
import { AppstoreOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useNavigate } from 'react-router-dom'

import { live } from '../../api/live'
import { ConnectionMark } from '../../components/connection'
import { PastButton } from '../../components/past-button'
import { LanguageSwitch } from '../../components/language-switch'
import { Logo } from '../../components/logo'
import { SCREENS, useScreenAllowed } from '../../components/screens'
import { SimulatedBadge } from '../../components/simulated-badge'
import { useLive, useNow } from '../../components/use-live'
import { usePark } from '../../components/use-park'
import { UserMenu } from '../../components/user-menu'
import { formatClock, formatDate, formatReading } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { KINDS } from '../../tools/kinds'
import { summarise } from '../../tools/live-sums'
import { THEMES } from '../../tools/themes'
import type { ThemeId } from '../../tools/themes'
import styles from './brain-header.module.css'

interface Properties {
  theme: ThemeId
  onTheme: (id: ThemeId) => void
}

export function BrainHeader({ theme, onTheme }: Properties) {
  const { t, pick } = useText()
  const { data: park } = usePark()
  return (
    <header className={styles.header}>
      <div className={styles.left}>
        <span className={styles.park}>
          <Logo size={1.75} />
          <b title={park ? pick(park.name, park.name_en) : undefined}>{park ? pick(park.name, park.name_en) : t('product.name')}</b>
        </span>
        <ThemeTabs theme={theme} onTheme={onTheme} />
      </div>
      <div className={styles.title}>
        <h1>{t('brain.title')}</h1>
      </div>
      <div className={styles.right}>
        <Weather />
        <Clock />
        <div className={styles.status}>
          <ConnectionMark />
          <SimulatedBadge />
        </div>
        <PastButton />
        <Menu />
      </div>
    </header>
  )
}

function ThemeTabs({ theme, onTheme }: Properties) {
  const { t } = useText()
  const present = useLive(() => THEMES.filter((one) => one.kinds.length === 0 || live.ofKinds(one.kinds).length > 0), 'themes', 0.2)
  const move = (event: React.KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = present[present.findIndex((one) => one.id === theme) + step]
    if (step === 0 || !next) return
    event.preventDefault()
    onTheme(next.id)
    document.getElementById(`theme-${next.id}`)?.focus()
  }
  return (
    <div className={styles.tabs} role="tablist" aria-label={t('brain.themes')} onKeyDown={move}>
      {present.map((one) => (
        <button
          key={one.id}
          id={`theme-${one.id}`}
          type="button"
          role="tab"
          aria-selected={one.id === theme}
          tabIndex={one.id === theme ? 0 : -1}
          onClick={() => onTheme(one.id)}
        >
          {t(`theme.${one.id}`)}
        </button>
      ))}
    </div>
  )
}

function Weather() {
  const { t, language } = useText()
  const weather = useLive(
    () => ({
      temperature: summarise(live, live.ofKinds(KINDS.outdoor)).mean,
      wind: summarise(live, live.ofKinds(KINDS.wind)).mean,
      rain: summarise(live, live.ofKinds(KINDS.rain)).mean,
    }),
    'weather',
    0.5,
  )
  if (!Number.isFinite(weather.temperature)) return null
  return (
    <span className={styles.weather}>
      <span>
        {t('weather.outdoor')} <b>{formatReading(weather.temperature, '°C', language)} °C</b>
      </span>
      {weather.rain > 0.05 ? (
        <span>
          {t('weather.rain')} <b>{formatReading(weather.rain, 'mm/h', language)} mm/h</b>
        </span>
      ) : Number.isFinite(weather.wind) ? (
        <span>
          {t('weather.wind')} <b>{formatReading(weather.wind, 'm/s', language)} m/s</b>
        </span>
      ) : null}
    </span>
  )
}

function Clock() {
  const { language } = useText()
  const now = live.time(useNow(1000))
  return (
    <time className={styles.time} dateTime={new Date(now).toISOString()}>
      <strong>{formatClock(now)}</strong>
      <span>{formatDate(now, language)}</span>
    </time>
  )
}

function Menu() {
  const { t } = useText()
  const allowed = useScreenAllowed()
  const navigate = useNavigate()
  return (
    <nav aria-label={t('nav.label')} style={{ display: 'flex', alignItems: 'center' }}>
      <Dropdown
        trigger={['click']}
        menu={{
          selectedKeys: ['brain'],
          items: SCREENS.filter(allowed).map((screen) => ({ key: screen.id, label: t(`screen.${screen.id}`) })),
          onClick: ({ key }) => void navigate(`/${key}`),
        }}
      >
        <Button type="text" icon={<AppstoreOutlined />} aria-label={t('nav.label')} aria-haspopup="menu" />
      </Dropdown>
      <LanguageSwitch short />
      <UserMenu short />
    </nav>
  )
}
