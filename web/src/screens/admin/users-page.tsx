/** Accounts: add, change roles, disable. */
import { UserAddOutlined } from '@ant-design/icons'
import { App, Button, Form, Input, Modal, Select, Switch, Table } from 'antd'
import { useState } from 'react'

import { api } from '../../api/client'
import { refresh, useResource } from '../../api/resource'
import { useSession } from '../../api/session'
import type { Page, Role, UserRow, UserSaved } from '../../api/types'
import { ROLES } from '../../api/types'
import { ErrorCard } from '../../components/states'
import { useToast } from '../../components/toast'
import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './admin-screen.module.css'

interface NewUser {
  name: string
  display_name?: string
  roles: Role[]
  password?: string
}

export function UsersPage() {
  const { t } = useText()
  const toast = useToast()
  const { modal } = App.useApp()
  const session = useSession()
  const [adding, setAdding] = useState(false)
  const [text, setText] = useState('')
  const [form] = Form.useForm<NewUser>()
  const { data, error, reload } = useResource<Page<UserRow>>('users', () => api.get('/users'))
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  const roleOptions = ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))
  const needle = text.trim().toLowerCase()

  const tellPassword = (saved: UserSaved): void => {
    if (saved.password) {
      modal.success({
        title: t('admin.passwordOnce', { name: saved.name }),
        content: <Input readOnly value={saved.password} aria-label={t('login.password')} onFocus={(event) => event.target.select()} />,
      })
    }
  }
  const change = (name: string, body: Record<string, unknown>, done: string): void => {
    api
      .patch<UserSaved>(`/users/${encodeURIComponent(name)}`, body)
      .then((saved) => {
        refresh('users')
        toast.done(done)
        tellPassword(saved)
      })
      .catch(toast.problem)
  }
  const add = (user: NewUser): void => {
    const body = { name: user.name.trim(), display_name: user.display_name ?? '', roles: user.roles, password: user.password || null }
    api
      .post<UserSaved>('/users', body)
      .then((saved) => {
        refresh('users')
        setAdding(false)
        form.resetFields()
        toast.done(t('admin.userAdded', { name: saved.name }))
        tellPassword(saved)
      })
      .catch(toast.problem)
  }
  return (
    <>
      <div className={styles.tools}>
        <Input.Search allowClear value={text} placeholder={t('admin.search')} aria-label={t('admin.search')} style={{ width: '18rem' }} onChange={(event) => setText(event.target.value)} />
        <Button type="primary" icon={<UserAddOutlined />} onClick={() => setAdding(true)}>
          {t('admin.addUser')}
        </Button>
      </div>
      <Table<UserRow>
        rowKey="name"
        size="small"
        loading={!data}
        dataSource={(data?.items ?? []).filter((user) => `${user.name} ${user.display_name}`.toLowerCase().includes(needle))}
        pagination={{ pageSize: 25, hideOnSinglePage: true }}
        columns={[
          { title: t('login.username'), dataIndex: 'name' },
          { title: t('admin.displayName'), dataIndex: 'display_name' },
          {
            title: t('admin.roles'),
            dataIndex: 'roles',
            render: (roles: Role[], user) => (
              <Select
                mode="multiple"
                size="small"
                style={{ minWidth: '18rem' }}
                value={roles}
                options={roleOptions}
                aria-label={`${t('admin.roles')} ${user.name}`}
                disabled={user.name === session?.user}
                onChange={(next: Role[]) => {
                  if (next.length > 0) change(user.name, { roles: next }, t('admin.userChanged', { name: user.name }))
                }}
              />
            ),
          },
          {
            title: t('admin.enabled'),
            dataIndex: 'disabled',
            render: (disabled: boolean, user) => (
              <Switch
                size="small"
                checked={!disabled}
                disabled={user.name === session?.user}
                aria-label={`${t('admin.enabled')} ${user.name}`}
                onChange={(enabled) => change(user.name, { disabled: !enabled }, t('admin.userChanged', { name: user.name }))}
              />
            ),
          },
          { title: t('admin.changed'), dataIndex: 'changed_at', render: (at: UserRow['changed_at']) => formatMoment(at) },
          {
            key: 'reset',
            render: (_, user) => (
              <Button size="small" onClick={() => change(user.name, { reset_password: true }, t('admin.userChanged', { name: user.name }))}>
                {t('admin.resetPassword')}
              </Button>
            ),
          },
        ]}
      />
      <Modal open={adding} title={t('admin.addUser')} okText={t('admin.addUser')} onOk={() => form.submit()} onCancel={() => setAdding(false)} destroyOnHidden>
        <Form<NewUser> form={form} layout="vertical" onFinish={add} initialValues={{ roles: ['viewer'] }}>
          <Form.Item name="name" label={t('login.username')} rules={[{ required: true, message: t('login.usernameMissing') }]}>
            <Input autoComplete="off" maxLength={64} />
          </Form.Item>
          <Form.Item name="display_name" label={t('admin.displayName')}>
            <Input maxLength={64} />
          </Form.Item>
          <Form.Item name="roles" label={t('admin.roles')} rules={[{ required: true, message: t('admin.rolesMissing') }]}>
            <Select mode="multiple" options={roleOptions} />
          </Form.Item>
          <Form.Item name="password" label={t('login.password')} extra={t('admin.passwordHint')}>
            <Input.Password autoComplete="new-password" maxLength={256} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
