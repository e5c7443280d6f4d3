/** Devices: search, filter, a table of all of them, one's card, registering and importing. */
import { DownloadOutlined, FolderOutlined, ImportOutlined, LinkOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, Input, Select } from 'antd'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { ComponentProps } from 'react'
import { useNavigate, useParams } from 'react-router-dom'

import { api, withQuery } from '../../api/client'
import type { DeviceStatus } from '../../api/devices'
import { getFacets, listDevices, STATUSES } from '../../api/devices'
import { refresh, useResource } from '../../api/resource'
import { useSession } from '../../api/session'
import { onFirstOpen } from '../../components/later'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { DeviceCard } from './device-card'
import { DeviceForm } from './device-form'
import { DeviceTable } from './device-table'
import type { Column } from './device-table'
import { DeviceWindow } from './device-window'
import styles from './devices-screen.module.css'
import type { GroupsDialog as Groups } from './groups-dialog'
import { ImportWizard } from './import-wizard'

const BindWizard = onFirstOpen<{ open: boolean; onClose: () => void; onDone: () => void }>(async () => (await import('./bind-wizard')).BindWizard)
const GroupsDialog = onFirstOpen<ComponentProps<typeof Groups>>(async () => (await import('./groups-dialog')).GroupsDialog)

const WAIT_MS = 250
const REFRESH_MS = 10_000
const DUE = [{ key: 'over', days: '0' }, { key: 'week', days: '7' }, { key: 'month', days: '30' }] as const

type Filters = Record<string, string>

export function DevicesScreen() {
  const { t } = useText()
  const { device = null } = useParams()
  const navigate = useNavigate()
  const session = useSession()
  const manages = session?.permissions.includes('device.manage') ?? false
  const [text, setText] = useState('')
  const [filters, setFilters] = useState<Filters>({})
  const [order, setOrder] = useState<{ column: Column; descending: boolean }>({ column: 'id', descending: false })
  const [adding, setAdding] = useState(false)
  const [importing, setImporting] = useState(false)
  const [binding, setBinding] = useState(false)
  const [grouping, setGrouping] = useState(false)
  const facets = useResource('device-facets', getFacets)

  useEffect(() => {
    const timer = setTimeout(() => setFilters((before) => ((before.q ?? '') === text.trim() ? before : { ...before, q: text.trim() })), WAIT_MS)
    return () => clearTimeout(timer)
  }, [text])
  const [version, setVersion] = useState(0)
  const list = useMemo(
    () =>
      new DeviceWindow(
        (offset, limit, signal) => listDevices({ ...filters, sort: order.column, descending: order.descending, offset, limit }, signal),
        () => setVersion((before) => before + 1),
      ),
    [filters, order],
  )
  useEffect(() => {
    list.open()
    const timer = setInterval(() => {
      if (document.visibilityState !== 'hidden') void list.refresh()
    }, REFRESH_MS)
    return () => {
      clearInterval(timer)
      list.close()
    }
  }, [list])

  const choose = useCallback((next: string | null): void => void navigate(next === null ? '/devices' : `/devices/${encodeURIComponent(next)}`, { replace: true }), [navigate])
  const set = (name: string, value: string | undefined): void => setFilters((before) => ({ ...before, [name]: value ?? '' }))
  const changed = (): void => {
    refresh('device')
    void list.refresh()
  }
  const filtered = Object.values(filters).some(Boolean)
  const wanted = Object.entries(filters).filter(([name, value]) => value !== '' && name !== 'group')
  const clear = (): void => {
    setText('')
    setFilters({})
  }
  const known = facets.data
  const filter = (name: 'kind' | 'model' | 'storey' | 'group' | 'tag' | 'due', options: { value: string; label: string }[]) => (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      value={filters[name] || undefined}
      placeholder={t(`devices.any.${name}`)}
      aria-label={t(`devices.any.${name}`)}
      style={{ minWidth: '8rem' }}
      options={options}
      onChange={(value: string | undefined) => set(name, value)}
    />
  )
  const plain = (names: readonly string[] | undefined) => (names ?? []).map((value) => ({ value, label: value }))
  const take = (path: string): void => location.assign(api.url(path))

  return (
    <App component="div" className={styles.page}>
      <div className={styles.title}>
        <h1>{t('screen.devices')}</h1>
        <span className={styles.quiet} role="status">
          {list.total === null ? '' : t('devices.count', { count: list.total })}
        </span>
        <span>
          <Dropdown
            menu={{
              items: [
                { key: 'csv', label: t('devices.asCsv'), onClick: () => take(withQuery('/device-lists/export', { ...filters, format: 'csv' })) },
                { key: 'xlsx', label: t('devices.asXlsx'), onClick: () => take(withQuery('/device-lists/export', { ...filters, format: 'xlsx' })) },
                { key: 'brick', label: t('devices.asBrick'), onClick: () => take('/device-models/export?format=brick') },
                { key: 'haystack', label: t('devices.asHaystack'), onClick: () => take('/device-models/export?format=haystack') },
              ],
            }}
          >
            <Button icon={<DownloadOutlined />}>{t('devices.export')}</Button>
          </Dropdown>
          {manages ? (
            <>
              <Button icon={<ImportOutlined />} onClick={() => setImporting(true)}>
                {t('devices.import')}
              </Button>
              <Button icon={<LinkOutlined />} onClick={() => setBinding(true)}>
                {t('deviceBind.open')}
              </Button>
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
                {t('devices.add')}
              </Button>
            </>
          ) : null}
        </span>
      </div>
      <div className={styles.tools}>
        <Input.Search allowClear value={text} placeholder={t('devices.search')} aria-label={t('devices.search')} style={{ width: '20rem' }} onChange={(event) => setText(event.target.value)} />
        {STATUSES.map((status) => (
          <StatusButton key={status} status={status} count={list.counts?.[status]} on={filters.status === status} onToggle={(on) => set('status', on ? status : undefined)} />
        ))}
        {filter('group', (known?.group ?? []).map((one) => ({ value: one.id, label: one.name })))}
        {filter('kind', plain(known?.kind))}
        {filter('model', plain(known?.model))}
        {filter('storey', (known?.storey ?? []).map((one) => ({ value: one.gid, label: one.name ?? one.gid })))}
        {filter('tag', plain(known?.tag))}
        {filter('due', DUE.map(({ key, days }) => ({ value: days, label: t(`devices.dueIn.${key}`) })))}
        <Select
          value={filters.state || 'active'}
          aria-label={t('devices.any.state')}
          options={[
            { value: 'active', label: t('devices.any.state') },
            { value: 'retired', label: t('devices.retired') },
            { value: 'all', label: t('devices.all') },
          ]}
          onChange={(value) => set('state', value === 'active' ? undefined : value)}
        />
        {filtered ? <Button onClick={clear}>{t('devices.clear')}</Button> : null}
        {manages ? (
          <Button icon={<FolderOutlined />} onClick={() => setGrouping(true)}>
            {t(wanted.length > 0 ? 'deviceGroup.open' : 'deviceGroup.title')}
          </Button>
        ) : null}
      </div>
      <div className={styles.body} data-card={device !== null}>
        {list.total === null && list.error ? <ErrorCard error={list.error} retry={() => void list.refresh()} /> : null}
        {list.total === null && !list.error ? <Skeleton rows={10} /> : null}
        {list.total === 0 ? (
          filtered ? (
            <Empty title={t('devices.noMatch')} hint={t('devices.noMatchHint')} />
          ) : (
            <Empty title={t('devices.none')} hint={t('devices.noneHint')}>
              {manages ? (
                <Button type="primary" icon={<ImportOutlined />} onClick={() => setImporting(true)}>
                  {t('devices.import')}
                </Button>
              ) : null}
            </Empty>
          )
        ) : null}
        {list.total ? (
          <DeviceTable
            list={list}
            version={version}
            chosen={device}
            sort={order.column}
            descending={order.descending}
            onSort={(column) => setOrder((before) => ({ column, descending: before.column === column && !before.descending }))}
            onChoose={choose}
          />
        ) : null}
        {device !== null ? <DeviceCard key={device} device={device} manages={manages} onClose={() => choose(null)} onChanged={changed} /> : null}
      </div>
      {adding ? (
        <DeviceForm
          facets={known}
          onClose={() => setAdding(false)}
          onSaved={(saved) => {
            setAdding(false)
            changed()
            choose(saved.id)
          }}
        />
      ) : null}
      {importing ? <ImportWizard onClose={() => setImporting(false)} onDone={changed} /> : null}
      <BindWizard open={binding} onClose={() => setBinding(false)} onDone={changed} />
      <GroupsDialog
        open={grouping}
        groups={known?.group ?? []}
        filter={Object.fromEntries(wanted)}
        onClose={() => setGrouping(false)}
        onChoose={(group) => {
          setText('')
          setFilters({ group })
          setGrouping(false)
        }}
        onChanged={changed}
      />
    </App>
  )
}

function StatusButton({ status, count, on, onToggle }: { status: DeviceStatus; count: number | undefined; on: boolean; onToggle: (on: boolean) => void }) {
  const { t, language } = useText()
  return (
    <Button size="small" type={on ? 'primary' : 'default'} aria-pressed={on} onClick={() => onToggle(!on)}>
      {t(`devices.status.${status}`)} {count === undefined ? '' : formatNumber(count, language)}
    </Button>
  )
}
