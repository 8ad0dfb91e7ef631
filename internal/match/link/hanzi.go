package link

import (
	"slices"
	"strings"
	"sync"

	"github.com/longbridgeapp/opencc"
	"github.com/mozillazg/go-pinyin"
)

// forms are characters that one person's name is written with in turn and that no table of traditional characters joins:
// rare doubles, Japanese and vulgar forms. For matching only; the stored name is never touched.
var forms = func() map[rune]rune {
	m := map[rune]rune{}
	for _, pair := range strings.Fields(`堃坤 𠮷吉 囍喜 珎珍 艶艳 徳德 甦苏 珮佩 濬浚 喦岩 嵒岩 冨富 曽曾 淸清 靑青 呉吴 竒奇 栄荣 広广 沢泽 煕熙 凞熙
		寗宁 甯宁 勲勋 暠皓 晧皓 皞皓 皡皓 喆哲 劵券 彣文 迺乃 柟楠 椘楚 淵渊 囯国 囶国 圀国 乄羲 亜亚 恵惠 悳德 惪德 昻昂 昰是 暁晓
		爱爱 瑠琉 祐佑 穂穗 緑绿 縁缘 翆翠 蔴麻 衞卫 衛卫 豊丰 関关 閲阅 隣邻 頼赖 顕显 髙高 黒黑 廼乃 玅妙 琹琴 逹达 鐡铁 銕铁 鑑鉴 鑒鉴`) {
		r := []rune(pair)
		m[r[0]] = r[1]
	}
	m['桜'] = '樱'
	m['乾'] = '乾' // a name's 乾 is read qian and is not 干
	return m
}()

var simplified = sync.OnceValue(func() func(rune) rune {
	cc, err := opencc.New("t2s")
	if err != nil { // its tables are embedded: this cannot fail
		panic(err)
	}
	var known sync.Map
	return func(r rune) rune {
		if v, ok := known.Load(r); ok {
			return v.(rune)
		}
		out := r
		if s, err := cc.Convert(string(r)); err == nil {
			if rs := []rune(s); len(rs) == 1 {
				out = rs[0]
			}
		}
		known.Store(r, out)
		return out
	}
})

// standard gives the form of a character under which its variants are compared.
func standard(r rune) rune {
	if r < 0x3400 {
		return r
	}
	if v, ok := forms[r]; ok {
		return v
	}
	r = simplified()(r)
	if v, ok := forms[r]; ok {
		return v
	}
	return r
}

// Readings gives the syllables of a character without tones, sorted; none for what is no Chinese character.
func Readings(r rune) []string {
	all := pinyin.SinglePinyin(r, pinyin.Args{Heteronym: true})
	slices.Sort(all)
	return slices.Compact(all)
}
