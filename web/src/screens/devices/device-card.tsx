/** Everything about one device: last values, facts, maintenance, availability, credentials, what happened. */
import { AimOutlined, CloseOutlined, EditOutlined } from '@ant-design/icons'
import { Button, Input, Popconfirm } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'

import type { DeviceCard as Card } from '../../api/devices'
import { changeDevice, getAvailability, getChanges, getDevice, getEvents, restoreDevice, retireDevice } from '../../api/devices'
import { refresh, useResource } from '../../api/resource'
import { Age } from '../../components/age'
import { ErrorCard, Skeleton } from '../../components/states'
import { useToast } from '../../components/toast'
import { formatMoment, formatNumber, formatReading, unitText } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import type { Words } from '../../i18n/use-text'
import { Credentials } from './credentials'
import { DeviceForm } from './device-form'
import styles from './devices-screen.module.css'
import { StatusMark } from './status-mark'

const REFRESH_MS = 5000
const FACTS = ['kind', 'model', 'maker', 'serial', 'firmware', 'installed', 'parent', 'connector', 'heartbeat_s', 'groups', 'tags', 'notes'] as const

interface Properties {
  device: string
  manages: boolean
  onClose: () => void
  onChanged: () => void
}

export function DeviceCard({ device, manages, onClose, onChanged }: Properties) {
  const { t } = useText()
  const toast = useToast()
  const navigate = useNavigate()
  const [editing, setEditing] = useState(false)
  const [reason, setReason] = useState('')
  const { data, error, reload } = useResource(`device/${device}`, () => getDevice(device), { everyMs: REFRESH_MS })
  const changed = (): void => {
    refresh(`device/${device}`, `device-changes/${device}`)
    onChanged()
  }
  const done = (work: Promise<unknown>): void => void work.then(changed, toast.problem)
  const fly = (card: Card): void => void navigate(`/brain?${new URLSearchParams({ gid: card.gid, ...(card.storey ? { storey: card.storey } : {}) }).toString()}`)

  return (
    <aside className={styles.card} aria-label={t('devices.card')} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <header>
        <h2>{data?.name || device}</h2>
        {data ? <StatusMark status={data.status} retired={data.state === 'retired'} /> : null}
        <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={onClose} />
      </header>
      <div className={`${styles.inside} scroll`} tabIndex={0} role="region" aria-label={t('devices.facts')}>
        {error && !data ? <ErrorCard error={error} retry={reload} /> : null}
        {!data && !error ? <Skeleton rows={8} /> : null}
        {data ? (
          <>
            <Values card={data} />
            <section className={styles.section}>
              <h3>{t('devices.facts')}</h3>
              <Facts card={data} />
            </section>
            <section className={styles.section}>
              <h3>{t('devices.maintenance')}</h3>
              <dl className={styles.facts}>
                <Fact label={t('devices.field.maintained')} value={data.maintained} />
                <Fact label={t('devices.field.maintain_every_days')} value={data.maintain_every_days} />
                <Fact label={t('devices.field.due')} value={data.due} />
              </dl>
              {manages && data.state === 'active' ? (
                <Button size="small" onClick={() => done(changeDevice(device, data.version, { maintained: today() }))}>
                  {t('devices.doneToday')}
                </Button>
              ) : null}
            </section>
            <Heard device={device} />
            {manages && data.state === 'active' ? <Credentials card={data} onChanged={changed} /> : null}
            <Changes device={device} />
          </>
        ) : null}
      </div>
      <footer>
        <Button size="small" icon={<AimOutlined />} disabled={!data?.object_name && !data?.type} onClick={() => data && fly(data)}>
          {t('devices.fly')}
        </Button>
        {manages && data?.state === 'active' ? (
          <>
            <Button size="small" icon={<EditOutlined />} onClick={() => setEditing(true)}>
              {t('devices.edit')}
            </Button>
            <Popconfirm
              title={t('devices.retireAsk', { id: device })}
              description={<Input value={reason} placeholder={t('devices.reason')} aria-label={t('devices.reason')} onChange={(event) => setReason(event.target.value)} />}
              okText={t('devices.retire')}
              cancelText={t('action.cancel')}
              onConfirm={() => done(retireDevice(device, reason))}
            >
              <Button size="small" danger>
                {t('devices.retire')}
              </Button>
            </Popconfirm>
          </>
        ) : null}
        {manages && data?.state === 'retired' ? (
          <Button size="small" onClick={() => done(restoreDevice(device))}>
            {t('devices.restore')}
          </Button>
        ) : null}
      </footer>
      {editing && data ? (
        <DeviceForm
          card={data}
          onClose={() => setEditing(false)}
          onSaved={() => {
            setEditing(false)
            changed()
          }}
        />
      ) : null}
    </aside>
  )
}

function Values({ card }: { card: Card }) {
  const { t, language } = useText()
  return (
    <section className={styles.section}>
      <h3>{t('devices.values')}</h3>
      {card.points.length === 0 ? <p className={styles.quiet}>{t('devices.noValues')}</p> : null}
      <ul className={styles.lines}>
        {card.points.map((point) => (
          <li key={point.point_id} title={`${point.point_id} ${point.address}`}>
            <span>{t(`kind.${point.kind as keyof Words['kind']}`, { defaultValue: point.name || point.kind })}</span>
            <strong>
              {formatReading(point.value, point.unit, language)} {unitText(point.unit, language)}
            </strong>
            <Age at={point.heard_at} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Facts({ card }: { card: Card }) {
  const { t } = useText()
  return (
    <dl className={styles.facts}>
      <Fact label={t('devices.field.id')} value={card.id} />
      <Fact label={t('devices.field.object')} value={[card.object_name, card.type, card.storey_name].filter(Boolean).join(' · ') || card.gid} />
      {FACTS.map((name) => {
        const value = card[name]
        return <Fact key={name} label={t(`devices.field.${name}`)} value={Array.isArray(value) ? value.join('; ') : value} />
      })}
      {card.children > 0 ? <Fact label={t('devices.field.children')} value={card.children} /> : null}
    </dl>
  )
}

function Fact({ label, value }: { label: string; value: string | number | null }) {
  if (value === null || value === '') return null
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  )
}

/** Availability and the latest comings and goings. */
function Heard({ device }: { device: string }) {
  const { t, language } = useText()
  const share = useResource(`device-share/${device}`, () => getAvailability(device))
  const events = useResource(`device-events/${device}`, () => getEvents(device))
  return (
    <section className={styles.section}>
      <h3>{t('devices.events')}</h3>
      <p>
        {t('devices.availability')}{' '}
        {share.data?.share === null || share.data === undefined ? (
          <span className={styles.quiet}>{t('devices.noAvailability')}</span>
        ) : (
          <strong>
            {formatNumber(share.data.share * 100, language, 2)} % · {t('devices.outages', { count: share.data.outages })}
          </strong>
        )}
      </p>
      {events.data?.items.length === 0 ? <p className={styles.quiet}>{t('devices.noEvents')}</p> : null}
      <ul className={styles.lines}>
        {(events.data?.items ?? []).map((event) => (
          <li key={`${event.at}/${event.state}`}>
            <StatusMark status={event.state} />
            {event.detail.children ? <span className={styles.quiet}>{t('devices.behind', { count: event.detail.children })}</span> : null}
            <time className={styles.quiet}>{formatMoment(event.at)}</time>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Changes({ device }: { device: string }) {
  const { t } = useText()
  const { data } = useResource(`device-changes/${device}`, () => getChanges(device))
  return (
    <section className={styles.section}>
      <h3>{t('devices.history')}</h3>
      <ul className={styles.lines}>
        {(data?.items ?? []).map((row) => (
          <li key={`${row.at}/${row.action}`}>
            <span>
              {t(`devices.action.${row.action as keyof Words['devices']['action']}`, { defaultValue: row.action })}{' '}
              <small className={styles.quiet}>{Object.entries(row.detail).map(([name, value]) => changeText(name, value)).join('; ')}</small>
            </span>
            <span>{row.who}</span>
            <time className={styles.quiet}>{formatMoment(row.at)}</time>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** `field: before → after`, or `field: value` where there was none before. */
export function changeText(name: string, value: unknown): string {
  const plain = (one: unknown): string => (Array.isArray(one) ? one.join(', ') : typeof one === 'string' ? one : one === null ? '' : JSON.stringify(one))
  if (!Array.isArray(value) || value.length !== 2) return `${name}: ${plain(value)}`
  const [before, after] = value.map(plain) as [string, string]
  return before === '' ? `${name}: ${after}` : `${name}: ${before} → ${after}`
}

/** The present day where the user is, as an ISO date. */
function today(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}
