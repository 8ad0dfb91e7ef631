package link

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Unknown stands in a cleaned name for a character that a register could not write (?, *, □ …).
const Unknown = '?'

// roles are remarks in brackets behind a name that are no part of it.
var roles = regexp.MustCompile(`\((户主|本人|申请人|代|代办|已故|去世|死亡|已死亡|迁出|外出|男|女|妻|夫|妻子|丈夫|配偶|父|母|父亲|母亲|子|儿|儿子|女儿|长子|次子|三子|长女|次女|三女|孙|孙子|孙女|儿媳|女婿|低保|五保|特困|残疾|备注[^)]*|曾用名[^)]*|原名[^)]*|又名[^)]*|[0-9]*)\)`)

// CleanName gives the form in which names are compared: NFKC, no blanks, brackets or invisible characters, remarks about the
// role taken off, one kind of middle dot (U+00B7), variants and traditional characters as their common simplified form,
// Latin letters in capitals, Unknown for a lost character. "" for no name.
func CleanName(raw string) string {
	s := norm.NFKC.String(raw)
	if strings.ContainsAny(s, "([【〔") {
		s = roles.ReplaceAllString(strings.NewReplacer("[", "(", "]", ")", "【", "(", "】", ")", "〔", "(", "〕", ")").Replace(s), "")
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		case r == '(' || r == ')' || r == '\'' || r == '"' || r == '`' || r == '‘' || r == '’' || r == '“' || r == '”':
		case strings.ContainsRune("·•‧∙⋅・.。・・▪", r):
			b.WriteRune('·')
		case strings.ContainsRune("?*□■※�◇○×", r):
			b.WriteRune(Unknown)
		default:
			b.WriteRune(unicode.ToUpper(standard(r)))
		}
	}
	return strings.Trim(b.String(), "·")
}

// compound surnames of two characters (复姓) that are in use.
var compound = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields("欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 宇文 长孙 东方 南宫 西门 独孤 端木 百里 呼延 澹台 轩辕 申屠 太史 公冶 钟离 闻人 赫连 濮阳 淳于 单于 仲孙 鲜于 闾丘 亓官 梁丘 左丘 第五 东郭 万俟") {
		m[s] = true
	}
	return m
}()

// surnameLength is the number of characters of the surname: 2 for compound surnames of names with three characters or more.
func surnameLength(name []rune) int {
	if len(name) >= 3 && compound[string(name[:2])] {
		return 2
	}
	return min(1, len(name))
}
