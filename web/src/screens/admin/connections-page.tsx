/** Connections to devices, and the versions that run. */
import { Descriptions, Table } from 'antd'

import type { ConnectionState } from '../../api/types'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { usePark } from '../../components/use-park'
import { formatMoment, formatNumber } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import { Arrivals } from './arrivals'
import { ConnectorMark } from './connector-mark'

export function ConnectionsPage() {
  const { t, language, pick } = useText()
  const { data, error, reload } = usePark()
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton />
  return (
    <>
      <Table<ConnectionState>
        rowKey="name"
        size="small"
        dataSource={data.connections}
        pagination={false}
        locale={{ emptyText: <Empty title={t('admin.noConnections')} hint={t('admin.noConnectionsHint')} /> }}
        columns={[
          { title: t('admin.name'), dataIndex: 'name' },
          { title: t('admin.kind'), dataIndex: 'kind' },
          {
            title: t('admin.state'),
            dataIndex: 'state',
            render: (state: string) => <ConnectorMark state={state} />,
          },
          { title: t('admin.messages'), dataIndex: 'messages', align: 'right', render: (count: number) => formatNumber(count, language) },
          { title: t('admin.detail'), render: (_, { detail, detail_zh }) => pick(detail_zh, detail) },
        ]}
      />
      <Arrivals park={data} />
      <Descriptions
        style={{ marginTop: '1.5rem' }}
        size="small"
        bordered
        column={2}
        title={t('admin.system')}
        items={[
          { key: 'started', label: t('admin.started'), children: formatMoment(data.started_at) },
          { key: 'revision', label: t('admin.revision'), children: data.revision },
          { key: 'points', label: t('admin.points'), children: formatNumber(data.points.count, language) },
          { key: 'simulated', label: t('admin.source'), children: data.simulated ? t('park.simulated') : t('park.real') },
          ...Object.entries(data.versions).map(([key, value]) => ({ key, label: key, children: value })),
        ]}
      />
    </>
  )
}
