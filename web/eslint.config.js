import importX, { createNodeResolver } from 'eslint-plugin-import-x'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Who may import whom inside src: screens → panels | tools → viewer; the viewer and the widget know no screen and no React. */
const zones = [
  { target: './src/viewer', from: './src', except: ['./viewer'], message: 'The viewer core stands alone: give it what it needs through its options.' },
  { target: './src/embed', from: './src', except: ['./embed', './viewer'], message: 'The widget uses the viewer core only.' },
  { target: ['./src/panels', './src/tools'], from: ['./src/screens', './src/app'], message: 'screens → panels | tools → viewer.' },
  { target: './src/api', from: ['./src/screens', './src/panels', './src/tools', './src/app'], message: 'The API client knows no screen.' },
]

const noFramework = {
  patterns: [
    { group: ['react', 'react-*', 'react/*', 'antd', 'antd/*', '@ant-design/*', 'i18next', 'echarts', 'uplot'], message: 'The viewer core and the widget are framework-free.' },
  ],
}

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'public', '**/*.generated.d.ts'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX, 'react-hooks': reactHooks },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.d.ts', '.js', '.json'] })] },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'import-x/no-cycle': ['error', { maxDepth: 8 }],
      'import-x/no-duplicates': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', 600],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/viewer/**', 'src/embed/**'],
    rules: { 'no-restricted-imports': ['error', noFramework] },
  },
)
