"""How people ask for a person in English."""

from bridge.language.phrases.notation import Phrases

ENGLISH = Phrases(
    who=(
        r"(?:(?:(?:real|actual|live|living|human|breathing|senior|support|service|customer|care|call cent(?:er"
        r"|re)) )*"
        r"(?:hu+man(?: being)?s?|hooman|agents?|agnet|rep|representati?ves?|representitive|operator|advis[oe]r"
        r"|supervisor"
        r"|superviser|manager|executive|staff member)"
        r"|(?:(?:real|actual|live|living|human|physical|proper) )+(?:person|people|support|help|assistance|chat"
        r"|being|one)"
        r"|(?:someone|somebody|anyone|anybody) real|customer (?:services?|support|care)|help ?desk"
        r"|member of (?:your |the )?(?:staff|team))"
        r"(?! (?:rights?|errors?|resources|hair|body|nature|name|number|id|s|said|told))"
    ),
    any=(
        r"(?:{who}|(?:(?:support|senior|different|responsible|competent|another|other) )*"
        r"(?:persons?|people|someone|somebody|sum(?:one|1)|some1|any(?:one|body)|specialist|expert|consultant"
        r"|employee"
        r"|associate|colleague|boss|staff|human|support team|team|one of you(?:r \w+)?|person in charge)(?! else))"
    ),
    bot=r"(?:(?:stupid|dumb|damn|useless|fucking|bloody|automated|ai|chat) ?)*(?:(?:ro|chat)?bots?|machines?"
    r"|computer|ai)",
    a=r"(?:(?:a|an|any|some|the|your|ur|one|another|one of your) )*",
    small=(
        r"please|pls+|plz+|now|right|asap|immediately|just|hey|hi|hello|ok|okay|no|yes|a|an|the|some|me|i|need"
        r"|want|wanna"
        r"|give|get|with|to|for|have|can|could|you|would|like|thanks|thank|again|only|contact|call|connect"
        r"|transfer|help"
        r"|your|urgent|urgently|this|instant|damn|today|here|directly|instead|person|request|may|is|it|must"
        r"|speak|talk"
    ),
    asks=(
        r"(?:speak|talk|chat|spk|tlk|converse|communicate) (?:\w+ )?(?:to|2|with|wth|wit|w) {a}{any}",
        r"(?:speak|talk|chat)(?: to)? (?:human|person|agent|manager|supervisor|someone|live)",
        r"(?:word|call|chat|deal|dealing) with {a}{any}",
        r"(?:of|about|for|in|prefer) (?:talking|speaking|chatting) (?:to|with) {a}{any}",
        r"who (?:can|could|do|should) i (?:talk|speak|complain|write) (?:to|with)",
        r"(?:help|assistance|answers?|support|call) from {a}{who}",
        r"(?:connect|transfer|put|pass|hand|forward|redirect|escalate|switch|patch|direct|assign|route|refer)"
        r"(?: (?:me|us|this|it|my \w+|the \w+))?(?: (?:through|thru|over|on|across|straight|directly|right|back))*"
        r"(?: (?:to|with|2|w|wit|onto))? {a}(?:{any}|human|live)",
        r"(?<!you )(?<!guys )(?<!have )(?<!has )put me (?:through|thru)",
        r"(?<!going to )(?<!gonna )(?<!will )(?<!ll )escalate (?:this|it|my \w+|the \w+)(?! to)",
        r"(?<!i )(?:get|give|gimme|send|find|bring) (?:me )?{a}(?:{who}|person)",
        r"(?:get|give|send|find|bring) me {a}{any}",
        r"(?:want|wanna|need|require|demand|requesting|request|prefer|would like|d like|id like|insist on"
        r"|looking for|ask(?:ing|ed)? for"
        r"|wait(?:ing|ed)? for|where is|where s|where are|wheres)(?: to (?:have|get|see|reach|contact))? {a}"
        r"(?:{who}|(?<!the )person)(?! (?:at home|who|that|to (?:be|sign|stop)))",
        r"(?:can|could|may|might) (?:i|we) (?:please )?(?:have|get|see|reach) {a}{any}(?! (?:to sign))",
        r"(?:is|are|isn t) there {a}{who}",
        r"is any(?:one|body) (?:real|human)",
        r"(?:do|don t) you have {a}{who}",
        r"(?:is|are|isn t)(?: there)? {a}{any} (?:.. )?(?:available|i can|i could|who can help|that can help"
        r"|to talk to)",
        r"{a}{any} (?:to |please |can |could |who can |should |must )*(?:call|phone|ring|contact|reach out to"
        r"|get back to"
        r"|talk to|speak to|speak with|talk with) me",
        r"(?:can|could|let|have|need|want) {a}{any} (?:to |please )*(?:help me|assist|take over|look at"
        r"|look into|handle|step in|join)",
        r"(?:can|could|let|have) {a}{who} (?:please )?(?:help|answer|reply|respond|check|call|deal|see|read|explain)",
        r"^(?:(?:please|pls|plz|just|ok|okay|so|then) )*(?:call|phone|ring) me(?: back)?"
        r"(?: (?:please|pls|plz|now|asap|immediately|today|back|at|on|in)(?: .*)?)?$",
        r"(?:can|could) (?:you|u) (?:please |just )?(?:call|phone|ring) me",
        r"(?:request|want|need|arrange|schedule|get) (?:a )?(?:call ?back|phone call)",
        r"(?:stop|enough|hate|tired of|sick of|fed up with|done with|not|don t want|do not want|dont want|no more)"
        r"(?: (?:with|of|talking|speaking|chatting|to|speak|talk|chat|a|an|the|this|these|your|any|want"
        r"|more))+ {bot}",
        r"^no (?:more )?{bot}",
        r"(?:out of|off|past|around|away from|bypass|skip) (?:the|this|your) {bot}",
        r"(?:switch|hand|change|go)(?: \w+)? to (?:a )?(?:human|manual|live)(?: mode| support| chat)?",
        r"^contact (?:support|service)",
        r"^(?:phone|human|live) (?:support|help)",
        r"(?:call|phone|ring) (?:someone|somebody|you|support)$",
        r"(?<!my )(?<!your )(?:contact|reach|get hold of|get a hold of|get in touch with|get through to) {a}{any}",
        r"(?:human|{who}) (?:please|pls|plz|now|asap|immediately|right now|needed|required|only)",
        r"(?:human|live|manual) (?:agent|support|help|assistance|takeover|chat|operator|intervention)$",
    ),
    never=(
        r"(?:are|r) (?:you|u) {a}(?:(?:really|actually|even|real|just|some|kind of|a|an) )*{any}",
        r"(?:is this|is that|is it|am i|are we) (?:(?:talking|speaking|chatting|texting) (?:to|with) )?"
        r"(?:(?:really|actually|even) )*{a}{any}",
        r"(?:don t|dont|do not|doesn t|didn t|did not|wouldn t|would not|never|not|no longer|needn t|no need)"
        r"(?: (?:really|actually|yet|have|need|want|wanna|like|wish|require|looking|trying|to|for|necessary|asking))*"
        r"(?: (?:speak|talk|chat|connect|contact|call|transfer|escalate)(?: me)?)?(?: (?:to|with|for))? {a}{any}",
        r"(?:no|without|rather than|instead of)(?: (?:any|an?|talking to|speaking to|speaking with|calling|contacting"
        r"|the|need for))* {any}",
        r"(?:don t|dont|do not|didn t|never)(?: (?:please|want you to|want|need|to))* (?:escalate|transfer"
        r"|call me|connect)"
        r"(?: \w+)?",
        r"(?:to )?(?:be|become|work as|apply as|hire|was|were) {a}{any}",
        r"(?:did|do|does|will|would) (?:you|they|he|she|it|your \w+) (?:\w+ )?(?:talk|speak|chat) (?:to|with)"
        r" {a}{any}",
        r"(?:they|he|she|which|refused to|i can|i ll|i will)(?: (?:will|would|must|should))? (?:talk|speak"
        r"|connect) to {a}{any}"
        r" (?:there|tomorrow|later|at home|in the)",
    ),
)
