/** One button: the other language, in its own word. */
import { Button } from 'antd'

import { setLanguage } from '../i18n'
import { useText } from '../i18n/use-text'

export function LanguageSwitch() {
  const { language } = useText()
  const other = language === 'zh' ? 'en' : 'zh'
  return (
    <Button type="text" lang={other === 'en' ? 'en' : 'zh-CN'} onClick={() => setLanguage(other)}>
      {other === 'en' ? 'English' : '中文'}
    </Button>
  )
}
