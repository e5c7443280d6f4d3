/** Choose a scheme and say why; the choice is saved with name and time. */
import { Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'

import { api } from '../../api/client'
import { refresh } from '../../api/resource'
import type { Decision, SceneScheme } from '../../api/types'
import { useToast } from '../../components/toast'
import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'

interface Properties {
  open: boolean
  schemes: readonly SceneScheme[]
  last: Decision | null
  onClose: () => void
}

interface Choice {
  scheme: string
  reason: string
}

export function DecisionDialog({ open, schemes, last, onClose }: Properties) {
  const { t, pick } = useText()
  const toast = useToast()
  const [form] = Form.useForm<Choice>()
  const [busy, setBusy] = useState(false)
  const nameOf = (id: string): string => {
    const scheme = schemes.find((one) => one.id === id)
    return scheme ? pick(scheme.name, scheme.name_en) : id
  }
  const save = (choice: Choice): void => {
    setBusy(true)
    api
      .post('/schemes/decision', choice)
      .then(() => {
        refresh('comparison')
        toast.done(t('decision.saved', { name: nameOf(choice.scheme) }))
        form.resetFields()
        onClose()
      })
      .catch(toast.problem)
      .finally(() => setBusy(false))
  }
  return (
    <Modal
      open={open}
      title={t('decision.title')}
      okText={t('decision.save')}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      {last ? (
        <p>
          {t('decision.last', { name: nameOf(last.scheme), by: last.by, at: formatMoment(last.at) })}
          <br />“{last.reason}”
        </p>
      ) : null}
      <Form<Choice> form={form} layout="vertical" onFinish={save} style={{ marginTop: '1rem' }}>
        <Form.Item name="scheme" label={t('decision.scheme')} rules={[{ required: true, message: t('decision.schemeMissing') }]}>
          <Radio.Group options={schemes.map((scheme) => ({ value: scheme.id, label: pick(scheme.name, scheme.name_en) }))} />
        </Form.Item>
        <Form.Item name="reason" label={t('decision.reason')} rules={[{ required: true, whitespace: true, message: t('decision.reasonMissing') }]}>
          <Input.TextArea rows={4} maxLength={4000} showCount />
        </Form.Item>
      </Form>
    </Modal>
  )
}
