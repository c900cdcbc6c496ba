import vue from 'eslint-plugin-vue'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/** Modules meet in `shared` or through routes, never by importing each other. */
const walls = {
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          group: ['@/modules/*', '@/modules/*/**', '../../modules/*', '../../../modules/*'],
          message: 'Modules do not import modules: move what is common to src/shared.',
        },
        { group: ['@/apps/*', '@/apps/*/**'], message: 'Apps gather modules, not the reverse.' },
      ],
    },
  ],
}

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts', 'test-results'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['src/**/*.{ts,vue}'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser } },
    rules: {
      'max-lines': ['error', { max: 250 }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      'vue/require-default-prop': 'off',
      'vue/no-v-html': 'error',
    },
  },
  { files: ['src/modules/**/*.{ts,vue}', 'src/shared/**/*.{ts,vue}', 'src/api/**/*.ts'], rules: walls },
  { files: ['*.config.*', 'build/*.ts'], languageOptions: { globals: globals.node } },
  { files: ['src/**/messages.*.ts', 'src/**/*.test.ts', 'src/api/desk.ts'], rules: { 'max-lines': 'off' } },
)
