/** Which address is which point: connectors with their state, addresses that wait to be bound, the mapping itself. */
import { PlusOutlined } from '@ant-design/icons'
import { App, Button, Input, Popconfirm, Table, Tag, Tooltip } from 'antd'
import { useState } from 'react'

import { api } from '../../api/client'
import { issueToken, removeMapping } from '../../api/connectors'
import type { Candidate, Connector, ConnectorList, MappingFields, MappingPage, MappingRow } from '../../api/connectors'
import { refresh, useResource } from '../../api/resource'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { useToast } from '../../components/toast'
import { formatMoment, formatNumber, NO_VALUE } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'
import { ConnectorMark } from './connector-mark'
import { MappingForm } from './mapping-form'
import type { Draft } from './mapping-form'
import { wordsText } from './mapping-words'

const AGAIN_MS = 5000
const PAGE = { pageSize: 20, hideOnSinglePage: true }
const PUSH = 'http-push'

export function MappingsPage() {
  const [draft, setDraft] = useState<Draft>()
  const connectors = useResource<ConnectorList>('connectors', () => api.get('/connectors'), { everyMs: AGAIN_MS })
  const mapping = useResource<MappingPage>('mapping', () => api.get('/connectors/mapping'))
  const error = connectors.error ?? mapping.error
  const list = connectors.data
  const page = mapping.data
  if (!list || !page) {
    if (!error) return <Skeleton />
    return <ErrorCard error={error} retry={() => (connectors.reload(), mapping.reload())} />
  }
  const add = (connector: string, address: string): void => setDraft({ fields: { ...NEW, connector, address }, replaces: null })
  const close = (saved: boolean): void => {
    setDraft(undefined)
    if (saved) refresh('mapping', 'connectors')
  }
  return (
    <>
      <Connectors rows={list.items} />
      <Candidates rows={list.candidates} bind={add} />
      <Entries page={page} connectors={list.items} add={() => add(list.items[0]?.name ?? '', '')} edit={setDraft} />
      {draft ? <MappingForm draft={draft} page={page} connectors={list.items} close={close} /> : null}
    </>
  )
}

const NEW: MappingFields = { connector: '', address: '', point: '', scale: 1, offset: 0, unit: '', values: {}, min_interval_s: 0 }

function Connectors({ rows }: { rows: Connector[] }) {
  const { t, language, pick } = useText()
  const toast = useToast()
  const { modal } = App.useApp()
  const issue = (name: string): void => {
    issueToken(name)
      .then(({ token }) => {
        refresh('connectors')
        modal.success({
          title: t('binding.tokenOnce', { name }),
          width: 640,
          content: <Input.TextArea readOnly autoSize value={token} aria-label={t('binding.token')} onFocus={(event) => event.target.select()} />,
        })
      })
      .catch(toast.problem)
  }
  const count = (value: number): string => formatNumber(value, language)
  return (
    <Table<Connector>
      rowKey="name"
      size="small"
      dataSource={rows}
      pagination={PAGE}
      title={() => <strong>{t('binding.connectors')}</strong>}
      locale={{ emptyText: <Empty title={t('admin.noConnections')} hint={t('admin.noConnectionsHint')} /> }}
      columns={[
        { title: t('admin.name'), dataIndex: 'name' },
        { title: t('admin.kind'), dataIndex: 'kind' },
        { title: t('admin.state'), dataIndex: 'state', render: (state: string) => <ConnectorMark state={state} /> },
        { title: t('binding.readings'), dataIndex: 'readings', align: 'right', render: count },
        { title: t('binding.unknown'), dataIndex: 'unknown', align: 'right', render: count },
        { title: t('binding.undecodable'), dataIndex: 'undecodable', align: 'right', render: count },
        { title: t('binding.dropped'), dataIndex: 'dropped', align: 'right', render: count },
        { title: t('admin.detail'), render: (_, { detail, detail_zh }) => pick(detail_zh, detail) },
        {
          key: 'token',
          render: (_, { name, kind, token_at }) =>
            kind === PUSH ? (
              <Popconfirm
                title={t('binding.tokenAsk', { name })}
                disabled={token_at === null}
                okText={t('binding.tokenIssue')}
                cancelText={t('action.cancel')}
                onConfirm={() => issue(name)}
              >
                <Tooltip title={token_at === null ? '' : formatMoment(token_at)}>
                  <Button size="small" {...(token_at === null ? { onClick: () => issue(name) } : {})}>
                    {t('binding.tokenIssue')}
                  </Button>
                </Tooltip>
              </Popconfirm>
            ) : null,
        },
      ]}
    />
  )
}

function Candidates({ rows, bind }: { rows: Candidate[]; bind: (connector: string, address: string) => void }) {
  const { t, language } = useText()
  return (
    <Table<Candidate>
      rowKey={({ connector, address }) => `${connector} ${address}`}
      size="small"
      style={{ marginTop: '1.5rem' }}
      dataSource={rows}
      pagination={PAGE}
      title={() => <strong>{t('binding.candidates')}</strong>}
      locale={{ emptyText: <Empty title={t('binding.noCandidates')} hint={t('binding.noCandidatesHint')} /> }}
      columns={[
        { title: t('binding.connector'), dataIndex: 'connector' },
        { title: t('binding.address'), dataIndex: 'address', render: (text: string) => <code className={styles.code}>{text}</code> },
        { title: t('binding.sample'), dataIndex: 'sample', ellipsis: true },
        { title: t('binding.count'), dataIndex: 'count', align: 'right', render: (count: number) => formatNumber(count, language) },
        { title: t('binding.heard'), dataIndex: 'heard_at', render: (at: number) => <span className={styles.moment}>{formatMoment(at)}</span> },
        {
          key: 'bind',
          render: (_, { connector, address }) => (
            <Button size="small" onClick={() => bind(connector, address)}>
              {t('binding.bind')}
            </Button>
          ),
        },
      ]}
    />
  )
}

interface EntriesProperties {
  page: MappingPage
  connectors: Connector[]
  add: () => void
  edit: (draft: Draft) => void
}

function Entries({ page, connectors, add, edit }: EntriesProperties) {
  const { t, pick } = useText()
  const toast = useToast()
  const [text, setText] = useState('')
  const needle = text.trim().toLowerCase()
  const remove = ({ connector, address }: MappingRow): void => {
    removeMapping({ connector, address }, page.revision)
      .then(() => {
        refresh('mapping', 'connectors')
        toast.done(t('binding.removed', { address }))
      })
      .catch(toast.problem)
  }
  return (
    <Table<MappingRow>
      rowKey={({ connector, address }) => `${connector} ${address}`}
      size="small"
      style={{ marginTop: '1.5rem' }}
      dataSource={page.entries.filter((row) => `${row.connector} ${row.address} ${row.point}`.toLowerCase().includes(needle))}
      pagination={PAGE}
      title={() => (
        <div className={styles.tools}>
          <strong>{t('binding.entries')}</strong>
          <Input.Search allowClear value={text} placeholder={t('admin.search')} aria-label={t('admin.search')} style={{ width: '16rem' }} onChange={(event) => setText(event.target.value)} />
          <Button type="primary" icon={<PlusOutlined />} disabled={connectors.length === 0} onClick={add}>
            {t('binding.add')}
          </Button>
        </div>
      )}
      locale={{ emptyText: <Empty title={t('binding.none')} hint={t('binding.noneHint')} /> }}
      columns={[
        { title: t('binding.connector'), dataIndex: 'connector' },
        { title: t('binding.address'), dataIndex: 'address', render: (address: string) => <code className={styles.code}>{address}</code> },
        { title: t('binding.point'), dataIndex: 'point' },
        { title: t('binding.conversion'), key: 'conversion', render: (_, row) => conversionText(row) },
        {
          title: t('admin.state'),
          key: 'problem',
          render: (_, { problem, problem_zh }) => (problem ? <span role="alert">{pick(problem_zh, problem)}</span> : <Tag color="success">{t('binding.works')}</Tag>),
        },
        {
          key: 'actions',
          render: (_, row) => (
            <div style={{ display: 'flex', gap: '0.5rem' }}>
              <Button size="small" onClick={() => edit(draftOf(row))}>
                {t('binding.edit')}
              </Button>
              <Popconfirm title={t('binding.removeAsk', { address: row.address })} okText={t('binding.remove')} cancelText={t('action.cancel')} onConfirm={() => remove(row)}>
                <Button size="small" danger>
                  {t('binding.remove')}
                </Button>
              </Popconfirm>
            </div>
          ),
        },
      ]}
    />
  )
}

function draftOf({ problem: _, problem_zh: __, ...fields }: MappingRow): Draft {
  return { fields, replaces: { connector: fields.connector, address: fields.address } }
}

/** `× 0.1 + 2 MWh; on = 1`; a dash where values are taken as they come. */
function conversionText({ scale, offset, unit, values }: MappingRow): string {
  const linear = [scale === 1 ? '' : `× ${scale}`, offset === 0 ? '' : `${offset < 0 ? '−' : '+'} ${Math.abs(offset)}`, unit].filter(Boolean).join(' ')
  return [linear, wordsText(values)].filter(Boolean).join('; ') || NO_VALUE
}
