"""How people ask for a person in Turkish, Arabic, and Hindi in both its scripts."""

from bridge.language.phrases.notation import Phrases

TURKISH = Phrases(
    who=(
        r"(?:(?:gercek|canli|baska|yetkili) )*(?:insan\w*|kisi\w*|temsilci\w*|musteri (?:temsilci\w*"
        r"|hizmetleri\w*)|operator\w*"
        r"|yetkili\w*|danisman\w*|calisan\w*|canli destek\w*|destek ekibi\w*|yonetici\w*)"
    ),
    any=r"(?:{who}|biri\w*|birisi\w*)",
    a=r"(?:(?:bir|gercek|canli) )*",
    small=r"lutfen|hemen|simdi|bir|istiyorum|merhaba|acil|ile|selam|gercek",
    asks=(
        r"{any} (?:(?:ile|bir|gercekten) )*(?:gorus\w*|konus\w*|baglan\w*|bagla\w*|iletisim\w*|yazis\w*"
        r"|aktar\w*|ulas\w*)",
        r"{who} (?:istiyorum|lazim|lutfen|gerek)",
        r"(?:bot\w*|robot\w*) (?:ile )?(?:konusmak|gorusmek) istemiyorum",
        r"beni arayin|beni arar misiniz",
    ),
    never=(
        r"(?:sen|siz)?(?: )?(?:gercek )?{any} m[iu]s[iu]n(?:iz)?",
        r"{any} (?:(?:ile|bir) )*(?:gorusmek|konusmak)? ?(?:istemiyorum|gerek yok|istemem)",
        r"{any} (?:ile )?(?:gorustum|konustum|gorusuyor muyum|konusuyor muyum)",
    ),
)

ARABIC = Phrases(
    who=(
        r"(?:ال|لل|ب|ل|بال)?(?:شخص|انسان|موظف|ممثل|وكيل|مندوب|مسؤول|مسوول|بشري|مشرف|مدير|احد|خدمه العملاء"
        r"|خدمه الزبائن|الدعم)"
        r"(?: (?:حقيقي|بشري|حقيقيه|خدمه العملاء|الدعم|اخر|منكم|من الدعم))*"
    ),
    small=r"من فضلك|لو سمحت|رجاء|الان|اريد|ابغي|مرحبا|فورا|عايز|ابي|حالا",
    asks=(
        r"(?:التحدث|اتحدث|اتكلم|التكلم|اكلم|التواصل|اتواصل|نتكلم|احكي|تحدث|الكلام)(?: (?:مع|الي|ل|اي))* {who}",
        r"(?:حولني|حولوني|وصلني|وصلوني|تحويلي|توصيلي|ممكن|اعطني)(?: (?:الي|علي|ل|مع|ب))* {who}",
        r"(?:اريد|احتاج|ابغي|ابي|عايز|عاوز|بدي|اطلب)(?: (?:الي|مع))* {who}",
    ),
    never=(
        r"(?:هل )?(?:انت|هذا|اتحدث الي)(?: هو)? {who}(?: ام \w+)?",
        r"(?:لا (?:اريد|احتاج|ابغي)|بدون|مش عايز)(?: (?:الي|التحدث|مع|ان اتحدث))* {who}",
    ),
    bot=r"(?:روبوت|بوت)",
)

HINDI = Phrases(
    who=(
        r"(?:(?:असली|किसी|real|asli|kisi|aapke|apne|senior|सीनियर) )*(?:इंसान|इन्सान|व्यक्ति|आदमी|एजेंट|मैनेजर"
        r"|प्रतिनिधि|अधिकारी|कस्टमर केयर|ग्राहक सेवा"
        r"|insaan|insan|aadmi|admi|vyakti|agent|manager|executive|customer care|supervisor|human|officer|person"
        r"|representative)"
    ),
    any=r"(?:{who}|किसी|kisi)",
    small=r"कृपया|प्लीज|please|plz|अभी|abhi|चाहिए|chahiye|मुझे|mujhe|नमस्ते|namaste|ji|जी|bhai",
    asks=(
        r"{any} (?:से|se|sy|ke saath|के साथ)(?: \S+)? (?:बात|बातचीत|संपर्क|baat|bat|connect|contact|milna|मिलना"
        r"|कनेक्ट|call|chat)",
        r"(?:बात|baat|bat) (?:करनी|करना|करवा\S*|करा\S*|karni|karna|karao|karwao|karva\S*|kara\S*)"
        r"(?: \S+){0,2} {who} (?:से|se)",
        r"(?:कोई|koi) {who} (?:है|hai) (?:क्या|kya)",
        r"{who} (?:चाहिए|chahiye|chaiye|ko bulao|को बुलाओ|bulao|ko bula\S*|do|दो|dijiye|दीजिए)",
        r"{who} (?:को|ko|se|से) (?:कनेक्ट|जोड़\S*|connect|transfer|forward)",
    ),
    never=(
        r"(?:क्या )?(?:आप|तुम|kya aap|aap|tum)(?: (?:एक|ek|sach me))* {who} (?:हैं|है|हो|hain|hai|ho)",
        r"{any} (?:से|se) (?:बात|baat) (?:नहीं|nahi|nahin|mat|हुई|hui|ho gayi|हो गई)(?: \S+)?",
        r"{who} (?:नहीं|nahi|nahin) (?:चाहिए|chahiye)",
    ),
)
