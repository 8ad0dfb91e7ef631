// Words that the shared components say. Apps merge them into their own messages under `ui`.
export const uiLocale = {
  'zh-CN': {
    loading: '正在读取…',
    retry: '重试',
    more: '继续加载',
    close: '关闭',
    cancel: '取消',
    back: '返回',
    all: '全部', // first choice of a filter
    failed: '操作没有成功', // heading when the server gave no sentence
    offline: '连不上服务器，请检查网络后重试。',
    code: '代码', // stable error code, quoted when asking for help
    request: '编号', // id of the request in the server's log
    required: '必填',
  },
  en: {
    loading: 'Loading…',
    retry: 'Try again',
    more: 'Load more',
    close: 'Close',
    cancel: 'Cancel',
    back: 'Back',
    all: 'All',
    failed: 'That did not work',
    offline: 'The server cannot be reached. Check the network and try again.',
    code: 'Code',
    request: 'Request',
    required: 'required',
  },
}
