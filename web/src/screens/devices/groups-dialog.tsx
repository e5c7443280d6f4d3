/** Groups by query: what the list is filtered by gets a name, and is asked anew each time. */
import { Button, Input, Modal, Popconfirm } from 'antd'
import { useState } from 'react'

import type { DeviceGroup } from '../../api/devices'
import { removeGroup, saveGroup } from '../../api/devices'
import { Empty } from '../../components/states'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import type { Words } from '../../i18n/use-text'
import styles from './wizards.module.css'

interface Properties {
  open: boolean
  groups: readonly DeviceGroup[]
  /** What the list is filtered by now, without a group. */
  filter: Record<string, string>
  onClose: () => void
  onChoose: (group: string) => void
  onChanged: () => void
}

export function GroupsDialog({ open, groups, filter, onClose, onChoose, onChanged }: Properties) {
  const { t } = useText()
  const toast = useToast()
  const [id, setId] = useState('')
  const [name, setName] = useState('')
  const saved = groups.filter((one) => Object.keys(one.filter).length > 0)
  const usable = Object.keys(filter).length > 0
  const words = (wanted: Record<string, string>): string => Object.entries(wanted).map(([key, value]) => `${t(`devices.any.${key as keyof Words['devices']['any']}`, { defaultValue: key })}: ${value}`).join(' · ')
  const save = (): void => {
    saveGroup(id.trim(), name.trim(), filter).then((made) => {
      toast.done(t('devices.saved', { id: made.name }))
      setId('')
      setName('')
      onChanged()
    }, toast.problem)
  }
  const remove = (group: DeviceGroup): void => {
    removeGroup(group.id).then(() => {
      toast.done(t('deviceGroup.removed', { name: group.name }))
      onChanged()
    }, toast.problem)
  }
  return (
    <Modal open={open} width={720} title={t('deviceGroup.title')} footer={null} onCancel={onClose} destroyOnHidden>
      <div className={styles.wizard}>
        <p className={styles.quiet}>{t('deviceGroup.lead')}</p>
        {usable ? (
          <form
            aria-label={t('deviceGroup.save')}
            onSubmit={(event) => {
              event.preventDefault()
              if (id.trim()) save()
            }}
          >
            <p>
              {t('deviceGroup.now')} <strong>{words(filter)}</strong>
            </p>
            <div className={styles.save}>
              <label>
                {t('devices.field.id')}
                <Input maxLength={100} value={id} onChange={(event) => setId(event.target.value)} />
              </label>
              <label>
                {t('devices.field.name')}
                <Input maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
              </label>
              <Button type="primary" htmlType="submit" disabled={!id.trim()}>
                {t('deviceGroup.save')}
              </Button>
            </div>
          </form>
        ) : null}
        {saved.length === 0 ? <Empty title={t('deviceGroup.none')} hint={t('deviceGroup.noneHint')} /> : null}
        <ul className={`${styles.groups} scroll`} aria-label={t('deviceGroup.title')}>
          {saved.map((group) => (
            <li key={group.id}>
              <Button type="link" style={{ justifySelf: 'start', height: 'auto', textAlign: 'left', display: 'block' }} onClick={() => onChoose(group.id)}>
                {group.name}
                <small>{words(group.filter)}</small>
              </Button>
              <Popconfirm title={t('deviceGroup.removeAsk', { name: group.name })} okText={t('deviceGroup.remove')} cancelText={t('action.cancel')} onConfirm={() => remove(group)}>
                <Button size="small" danger>
                  {t('deviceGroup.remove')}
                </Button>
              </Popconfirm>
            </li>
          ))}
        </ul>
      </div>
    </Modal>
  )
}
