/** Long work: what runs, how far it is, what came of it. */
import { Button, Progress, Table, Tag } from 'antd'

import { api } from '../../api/client'
import { refresh, useResource } from '../../api/resource'
import type { Job, Page } from '../../api/types'
import { Empty, ErrorCard } from '../../components/states'
import { useToast } from '../../components/toast'
import { formatMoment } from '../../i18n/format'
import { failureSaid } from '../../components/said'
import { useText } from '../../i18n/use-text'

const COLORS: Record<Job['state'], string> = { queued: 'default', running: 'processing', done: 'success', failed: 'error', cancelled: 'default' }

export function JobsPage() {
  const { t, language } = useText()
  const toast = useToast()
  const { data, error, reload } = useResource<Page<Job>>('jobs', () => api.get('/jobs'), { everyMs: 2000 })
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  const cancel = (job: Job): void => {
    api.delete(`/jobs/${job.id}`).then(() => refresh('jobs'), toast.problem)
  }
  return (
    <Table<Job>
      rowKey="id"
      size="small"
      loading={!data}
      dataSource={data?.items ?? []}
      pagination={{ pageSize: 25, hideOnSinglePage: true }}
      locale={{ emptyText: <Empty title={t('admin.noJobs')} hint={t('admin.noJobsHint')} /> }}
      columns={[
        { title: t('admin.kind'), dataIndex: 'kind' },
        { title: t('admin.target'), dataIndex: 'target', ellipsis: true },
        { title: t('admin.state'), dataIndex: 'state', width: 110, render: (state: Job['state']) => <Tag color={COLORS[state]}>{t(`job.${state}`)}</Tag> },
        {
          title: t('job.progress'),
          dataIndex: 'progress',
          width: 260,
          render: (progress: number, job) =>
            job.state === 'running' || job.state === 'queued' ? (
              <Progress size="small" percent={Math.round(progress * 100)} format={(percent) => `${job.phase} ${percent ?? 0}%`} />
            ) : (
              (failureSaid(job.error, language) ?? job.message)
            ),
        },
        { title: t('admin.owner'), dataIndex: 'owner', width: 130 },
        { title: t('admin.at'), dataIndex: 'created_at', width: 180, render: (at: Job['created_at']) => formatMoment(at) },
        {
          key: 'cancel',
          width: 90,
          render: (_, job) =>
            job.state === 'running' || job.state === 'queued' ? (
              <Button size="small" onClick={() => cancel(job)}>
                {t('action.cancel')}
              </Button>
            ) : null,
        },
      ]}
    />
  )
}
