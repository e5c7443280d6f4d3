/** A device's credentials: issue, replace, revoke; the secret is shown once. */
import { App, Button, Input, Popconfirm } from 'antd'

import type { CredentialKind, CredentialSaved, DeviceCard } from '../../api/devices'
import { issueCredential, revokeCredential } from '../../api/devices'
import { useToast } from '../../components/toast'
import { formatMoment } from '../../i18n/format'
import { useText } from '../../i18n/use-text'
import styles from './devices-screen.module.css'

const KINDS: readonly CredentialKind[] = ['mqtt', 'http']

export function Credentials({ card, onChanged }: { card: DeviceCard; onChanged: () => void }) {
  const { t } = useText()
  const toast = useToast()
  const { modal } = App.useApp()

  const issue = (kind: CredentialKind): void => {
    issueCredential(card.id, kind).then((saved) => {
      onChanged()
      modal.success({ title: t('devices.once'), width: 560, content: <Saved saved={saved} /> })
    }, toast.problem)
  }
  const revoke = (kind: CredentialKind): void => {
    revokeCredential(card.id, kind).then(() => {
      onChanged()
      toast.done(t('devices.revoked'))
    }, toast.problem)
  }
  return (
    <section className={styles.section}>
      <h3>{t('devices.credentials')}</h3>
      {card.credentials.length === 0 ? <p className={styles.quiet}>{t('devices.noCredentials')}</p> : null}
      <ul className={styles.lines}>
        {KINDS.map((kind) => {
          const held = card.credentials.find((one) => one.kind === kind)
          return (
            <li key={kind}>
              <span>
                {t(`devices.credential.${kind}`)}
                {held ? (
                  <small className={styles.quiet}>
                    {' '}
                    {t('devices.issued', { who: held.created_by, when: formatMoment(held.created_ms) })}
                    {held.used_ms ? `, ${t('devices.used', { when: formatMoment(held.used_ms) })}` : ''}
                  </small>
                ) : null}
              </span>
              {held ? (
                <>
                  <Popconfirm title={t('devices.rotateAsk')} okText={t('devices.rotate')} cancelText={t('action.cancel')} onConfirm={() => issue(kind)}>
                    <Button size="small">{t('devices.rotate')}</Button>
                  </Popconfirm>
                  <Popconfirm title={t('devices.revokeAsk')} okText={t('devices.revoke')} cancelText={t('action.cancel')} onConfirm={() => revoke(kind)}>
                    <Button size="small" danger>
                      {t('devices.revoke')}
                    </Button>
                  </Popconfirm>
                </>
              ) : (
                <Button size="small" onClick={() => issue(kind)}>
                  {t('devices.issue')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Saved({ saved }: { saved: CredentialSaved }) {
  const { t } = useText()
  return (
    <dl className={styles.facts}>
      {saved.user ? (
        <>
          <dt>{t('devices.user')}</dt>
          <dd>{saved.user}</dd>
        </>
      ) : null}
      <dt>{t('devices.secret')}</dt>
      <dd>
        <Input readOnly value={saved.secret} aria-label={t('devices.secret')} onFocus={(event) => event.target.select()} />
      </dd>
      {saved.address ? (
        <>
          <dt>{t('devices.broker')}</dt>
          <dd>{saved.address}</dd>
          <dt>{t('devices.publish')}</dt>
          <dd>{saved.publish.join(', ')}</dd>
          <dt>{t('devices.subscribe')}</dt>
          <dd>{saved.subscribe.join(', ')}</dd>
        </>
      ) : null}
    </dl>
  )
}
