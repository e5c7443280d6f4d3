/** Sign-in. */
import { LockOutlined, UserOutlined } from '@ant-design/icons'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { Navigate, useSearchParams } from 'react-router-dom'

import { Problem } from '../../api/problem'
import { sessionStore, signIn, useSession } from '../../api/session'
import { useStore } from '../../api/store'
import { LanguageSwitch } from '../../components/language-switch'
import { Logo } from '../../components/logo'
import { said } from '../../components/said'
import { useText } from '../../i18n/use-text'
import styles from './login-screen.module.css'
import { safeNext } from './safe-next'

interface Credentials {
  username: string
  password: string
}

export function LoginScreen() {
  const { t, language } = useText()
  const session = useSession()
  const startError = useStore(sessionStore, (state) => state.error)
  const [parameters] = useSearchParams()
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)

  if (session) return <Navigate to={safeNext(parameters.get('next'))} replace />

  const submit = ({ username, password }: Credentials): void => {
    setBusy(true)
    setProblem(null)
    signIn(username.trim(), password)
      .catch((error: unknown) => setProblem(error instanceof Problem ? error : new Problem(0, 'client', String(error))))
      .finally(() => setBusy(false))
  }
  const shown = problem ?? startError
  const words = (error: Problem): string => {
    if (error.status === 401 || error.status === 403) return t('login.wrong')
    if (error.status === 429) return t('login.tooMany')
    return said(error, t, language)
  }
  return (
    <main id="main" className={styles.page}>
      <div className={styles.language}>
        <LanguageSwitch />
      </div>
      <section className={styles.about}>
        <div className={styles.mark}>
          <Logo size={4} />
        </div>
        <h1>{t('product.title')}</h1>
        <p>{t('product.sentence')}</p>
        <ul>
          <li>{t('product.brain')}</li>
          <li>{t('product.planning')}</li>
          <li>{t('product.review')}</li>
        </ul>
      </section>
      <section className={styles.form} aria-label={t('login.title')}>
        <h2>{t('login.title')}</h2>
        {shown ? <Alert type="error" showIcon title={words(shown)} role="alert" /> : null}
        <Form<Credentials> layout="vertical" size="large" onFinish={submit} requiredMark={false} disabled={busy}>
          <Form.Item name="username" label={t('login.username')} rules={[{ required: true, message: t('login.usernameMissing') }]}>
            <Input prefix={<UserOutlined aria-hidden />} autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t('login.password')} rules={[{ required: true, message: t('login.passwordMissing') }]}>
            <Input.Password prefix={<LockOutlined aria-hidden />} autoComplete="current-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={busy}>
            {t('login.submit')}
          </Button>
        </Form>
        <p className={styles.hint}>{t('login.hint')}</p>
      </section>
    </main>
  )
}
