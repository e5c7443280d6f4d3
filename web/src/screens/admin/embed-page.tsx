/** Embed tokens: issue, see what each opens and when it was last used, revoke. */
import { PlusOutlined } from '@ant-design/icons'
import { App, Button, Form, Input, InputNumber, Modal, Popconfirm, Select, Switch, Table, Tag } from 'antd'
import { useState } from 'react'

import { api } from '../../api/client'
import { refresh, useResource } from '../../api/resource'
import type { EmbedToken, EmbedTokenSaved, LayerRow } from '../../api/types'
import { Empty, ErrorCard } from '../../components/states'
import { useToast } from '../../components/toast'
import { formatMoment, NO_VALUE } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'

const DAY_MS = 86_400_000
const COLORS: Record<EmbedToken['state'], string> = { active: 'success', expired: 'default', revoked: 'default' }

interface Wish {
  name: string
  layers: string[]
  origins: string[]
  live: boolean
  days: number | null
}

export function EmbedPage() {
  const { t, pick } = useText()
  const toast = useToast()
  const { modal } = App.useApp()
  const [adding, setAdding] = useState(false)
  const [form] = Form.useForm<Wish>()
  const { data, error, reload } = useResource<EmbedToken[]>('embed-tokens', () => api.get('/embed/tokens'))
  const layers = useResource<LayerRow[]>('layers', () => api.get('/layers'))
  if (error && !data) return <ErrorCard error={error} retry={reload} />

  const issue = ({ name, layers: shown, origins, live, days }: Wish): void => {
    const body = { name: name.trim(), layers: shown, origins: origins.map((origin) => origin.trim()), live, expires_at: days ? Date.now() + days * DAY_MS : null }
    api
      .post<EmbedTokenSaved>('/embed/tokens', body)
      .then((saved) => {
        refresh('embed-tokens')
        setAdding(false)
        form.resetFields()
        modal.success({
          title: t('embed.once', { name: saved.name }),
          width: 640,
          content: <Input.TextArea readOnly autoSize value={snippet(saved)} aria-label={t('embed.token')} onFocus={(event) => event.target.select()} />,
        })
      })
      .catch(toast.problem)
  }
  const revoke = (token: EmbedToken): void => {
    api
      .delete(`/embed/tokens/${token.id}`)
      .then(() => {
        refresh('embed-tokens')
        toast.done(t('embed.revoked', { name: token.name }))
      })
      .catch(toast.problem)
  }
  return (
    <>
      <div className={styles.tools}>
        <span>{t('embed.hint')}</span>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t('embed.issue')}
        </Button>
      </div>
      <Table<EmbedToken>
        rowKey="id"
        size="small"
        loading={!data}
        dataSource={data ?? []}
        pagination={{ pageSize: 25, hideOnSinglePage: true }}
        locale={{ emptyText: <Empty title={t('embed.none')} hint={t('embed.noneHint')} /> }}
        columns={[
          { title: t('embed.name'), dataIndex: 'name' },
          { title: t('admin.state'), dataIndex: 'state', render: (state: EmbedToken['state']) => <Tag color={COLORS[state]}>{t(`embed.state.${state}`)}</Tag> },
          { title: t('embed.layers'), dataIndex: 'layers', render: (names: string[]) => names.join(', ') || t('embed.allLayers') },
          { title: t('embed.live'), dataIndex: 'live', render: (live: boolean) => t(live ? 'embed.yes' : 'embed.no') },
          { title: t('embed.origins'), dataIndex: 'origins', render: (origins: string[]) => origins.join(', ') || t('embed.parkOrigins') },
          { title: t('embed.expires'), dataIndex: 'expires_at', render: (at: number | null) => (at === null ? t('embed.never') : formatMoment(at)) },
          { title: t('embed.used'), dataIndex: 'used_at', render: (at: number | null) => (at === null ? NO_VALUE : formatMoment(at)) },
          { title: t('admin.owner'), dataIndex: 'created_by' },
          {
            key: 'revoke',
            render: (_, token) =>
              token.state === 'active' ? (
                <Popconfirm title={t('embed.revokeAsk', { name: token.name })} okText={t('embed.revoke')} cancelText={t('action.cancel')} onConfirm={() => revoke(token)}>
                  <Button size="small" danger>
                    {t('embed.revoke')}
                  </Button>
                </Popconfirm>
              ) : null,
          },
        ]}
      />
      <Modal open={adding} title={t('embed.issue')} okText={t('embed.issue')} onOk={() => form.submit()} onCancel={() => setAdding(false)} destroyOnHidden>
        <Form<Wish> form={form} layout="vertical" onFinish={issue} initialValues={{ layers: [], origins: [], live: false, days: 365 }}>
          <Form.Item name="name" label={t('embed.name')} extra={t('embed.nameHint')} rules={[{ required: true, whitespace: true, message: t('embed.nameMissing') }]}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="layers" label={t('embed.layers')} extra={t('embed.layersHint')}>
            <Select mode="multiple" options={(layers.data ?? []).map((row) => ({ value: row.layer, label: pick(row.title, row.title_en) || row.layer }))} />
          </Form.Item>
          <Form.Item name="origins" label={t('embed.origins')} extra={t('embed.originsHint')}>
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', ',']} />
          </Form.Item>
          <Form.Item name="live" label={t('embed.live')} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Form.Item name="days" label={t('embed.days')} extra={t('embed.daysHint')}>
            <InputNumber min={1} max={36_500} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}

/** What to paste into the embedding page. */
function snippet(saved: EmbedTokenSaved): string {
  const server = location.origin
  return `<script type="module" src="${server}/embed/park-viewer.js"></script>
<park-viewer src="${server}" token="${saved.token}"${saved.live ? ' live' : ''} style="height: 480px"></park-viewer>`
}
