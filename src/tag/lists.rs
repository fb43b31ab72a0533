//! Words that are evidence: what follows a name that acts, what stands before a place, what heads an organisation.

/// What a word tells about its neighbours; a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cues(u64);

impl Cues {
    /// A finite verb of speech, will or decision.
    pub(super) const ACTS: Self = Self(1);
    /// An auxiliary verb.
    pub(super) const AUXILIARY: Self = Self(1 << 1);
    /// A preposition before a place.
    pub(super) const PLACE_BEFORE: Self = Self(1 << 2);
    /// A preposition before a party to something.
    pub(super) const PARTY_BEFORE: Self = Self(1 << 3);
    /// A verb whose object is somebody.
    pub(super) const ADDRESSES: Self = Self(1 << 4);
    /// A title, rank or role of a person.
    pub(super) const ROLE: Self = Self(1 << 5);
    /// A form of address or a rank, never without a name.
    pub(super) const RANK: Self = Self(1 << 6);
    /// A given name.
    pub(super) const FIRST_NAME: Self = Self(1 << 7);
    /// The head of an organisation's name.
    pub(super) const ORG_HEAD: Self = Self(1 << 8);
    /// The head of a place's name.
    pub(super) const PLACE_HEAD: Self = Self(1 << 9);
    /// The head of the name of an event, a document or a thing.
    pub(super) const OTHER_HEAD: Self = Self(1 << 10);
    /// A word that opens sentences and belongs to no name.
    pub(super) const COMMON: Self = Self(1 << 11);
    /// A day or month.
    pub(super) const CALENDAR: Self = Self(1 << 12);
    /// A particle within a person's name.
    pub(super) const PARTICLE: Self = Self(1 << 13);
    /// A noun that only an actor owns (demands, decision), after a possessive.
    pub(super) const WILL: Self = Self(1 << 14);
    /// A noun that makes a place of the name before it (airport, street, suburbs).
    pub(super) const LOCAL: Self = Self(1 << 15);
    /// A noun for dealings between parties (talks, deadlock).
    pub(super) const DEALING: Self = Self(1 << 16);
    /// A word that tells of the United Kingdom.
    pub(super) const BRITISH: Self = Self(1 << 17);
    /// A word that tells of the United States.
    pub(super) const AMERICAN: Self = Self(1 << 18);
    /// A part of the United States or a city there.
    pub(super) const US_PLACE: Self = Self(1 << 19);
    /// A word before a title that takes the office away (former, deputy).
    pub(super) const NOT_IN_OFFICE: Self = Self(1 << 20);
    /// An adjective that may stand between a country and its office.
    pub(super) const BETWEEN: Self = Self(1 << 21);
    /// The prefix of a ship's name.
    pub(super) const SHIP: Self = Self(1 << 22);
    /// A thing that has a style or a taste, not a nationality.
    pub(super) const STYLE: Self = Self(1 << 23);
    /// An abbreviation in capitals that is no organisation.
    pub(super) const NOT_AN_ORG: Self = Self(1 << 24);
    /// The news agencies and the words of photo credits.
    pub(super) const CREDIT: Self = Self(1 << 25);
    /// What somebody's government is called after its head (administration, cabinet).
    pub(super) const RULE: Self = Self(1 << 26);
    /// A firm, before or after its name.
    pub(super) const FIRM: Self = Self(1 << 27);
    /// The end of a firm's name.
    pub(super) const FIRM_END: Self = Self(1 << 28);
    /// The, a, his, their.
    pub(super) const DETERMINER: Self = Self(1 << 29);
    /// A word that news writes small: as a part of a name it says nothing by itself.
    pub(super) const ORDINARY: Self = Self(1 << 30);
    /// What an organisation is called right before its name (lender, newspaper, watchdog).
    pub(super) const TRADE: Self = Self(1 << 31);
    /// The head of an organisation's name that stands first (Banco, Grupo, Statistics).
    pub(super) const ORG_FRONT: Self = Self(1 << 32);

    /// Whether any bit of `other` is set.
    pub(super) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Every list with the cue it stands for; words are folded, American in spelling, separated by white space.
pub(super) const LISTS: &[(Cues, &str)] = &[
    (Cues::ACTS, ACTS),
    (
        Cues::AUXILIARY,
        "will would has have had is was can could must should does did may might shall cannot isnt wasnt wont doesnt didnt hasnt hadnt wouldnt couldnt remains remained seems seemed appears appeared",
    ),
    (
        Cues::PLACE_BEFORE,
        "in at near to from outside inside around across through into onto toward towards via beyond over within throughout downtown central north south east west northern southern eastern western outer inner greater reached visited visiting leaving left arrived off",
    ),
    (Cues::PARTY_BEFORE, "between with against by"),
    (
        Cues::ADDRESSES,
        "urge urged urges urging ask asked asks asking tell told tells telling accuse accused accuses accusing blame blamed blames blaming warn warned warns warning press pressed presses pressing push pushed pushes pushing persuade persuaded convince convinced force forced pressure pressured criticize criticized criticizing condemn condemned condemns thank thanked thanks assure assured inform informed notify notified deter deterred deters punish punished punishing sanction sanctioned isolate isolated provoke provoked reassure reassured anger angered angering irritate irritated antagonize help helped helping support supported supporting arm armed arming supply supplied supplying lobby lobbied remind reminded invite invited embolden emboldened give gave giving offer offered offering let lets make made force confront confronted counter countering challenge challenged defy defied defying engage engaging embarrass embarrassed infuriate infuriated alarm alarmed",
    ),
    (Cues::ROLE, ROLES),
    (Cues::RANK, RANKS),
    (Cues::FIRST_NAME, FIRST_NAMES),
    (Cues::ORG_HEAD, ORG_HEADS),
    (Cues::PLACE_HEAD, PLACE_HEADS),
    (Cues::OTHER_HEAD, OTHER_HEADS),
    (Cues::COMMON, COMMON),
    (
        Cues::CALENDAR,
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec christmas easter ramadan",
    ),
    (
        Cues::PARTICLE,
        "al el bin ibn bint abu von van de der den ter ten da di du del dos la le af av zu al abd ul ud ad as ash at bar ben",
    ),
    (
        Cues::WILL,
        "demand demands decision decisions offer offers position stance ally allies partner partners government response reaction refusal policy policies proposal proposals plan plans request requests view views interest interests insistence willingness ambition ambitions threat threats attempt attempts effort efforts support backing opposition objection objections approval consent veto concern concerns fear fears goal goals aim aims strategy pledge pledges promise promises commitment commitments announcement statement warning warnings accusation accusations claim claims denial envoy envoys ambassador negotiator negotiators diplomat diplomats foreign defense military troops forces army spokesman spokeswoman relations ties dispute war invasion aggression reluctance rejection insistence push bid hope hopes call calls message negotiating bargaining leadership leverage influence credibility rulers leaders ministers chief top new nuclear sanctions terms red lines intentions intention patience adversaries enemies rivals rival neighbors move moves action actions conduct behavior role share contribution contributions budget",
    ),
    (
        Cues::LOCAL,
        "street streets road roads airport avenue square station suburb suburbs suburban outskirts mayor museum hotel university hospital metro subway stadium cathedral embassy court courts courtroom district districts neighborhood neighborhoods borough bridge marathon skyline residents resident police theater opera exchange bombings attacks attack siege summit conference meeting agreement accord accords treaty protocol declaration memorandum region area zoo zone port harbor river heathrow gallery restaurant cafe apartment home house school college bureau correspondent based born area metropolitan city weather time times post region office",
    ),
    (
        Cues::DEALING,
        "talks talk deadlock relations relationship ties tension tensions dispute disputes deal deals agreement negotiations negotiation rift split row standoff stand-off war dialogue cooperation pact contacts contact summit conflict understanding trust friction channel channels clash divide wedge rapprochement partnership truce hostility hostilities exchange exchanges compromise",
    ),
    (
        Cues::BRITISH,
        "mps mp commons lords tory tories whitehall westminster labour backbenchers holyrood brexit exchequer",
    ),
    (
        Cues::AMERICAN,
        "congress senator senators congressman congresswoman republican republicans democrat democrats gop congressional dod",
    ),
    (Cues::US_PLACE, US_PLACES),
    (
        Cues::NOT_IN_OFFICE,
        "former then ex late deputy vice shadow next incoming assistant under undersecretary future another first second third fourth female youngest longest previous past predecessor designate elect onetime any every each no some several two three would-be potential self-styled self-proclaimed candidate mock exiled ousted deposed erstwhile lieutenant",
    ),
    (
        Cues::BETWEEN,
        "new current acting interim outgoing own federal caretaker hardline veteran embattled ruling powerful main upper lower top longtime populist rightwing leftwing centrist wartime pro reformist centre-right newly elected reelected appointed then then-serving top chief",
    ),
    (
        Cues::SHIP,
        "uss hms usns ins hmcs hmas hnlms fs rfa jds rss frigate destroyer submarine warship carrier cruiser corvette minesweeper lcs ship vessel trawler tanker yacht ferry",
    ),
    (
        Cues::STYLE,
        "terraced house houses terrace architecture architectural mansion townhouse townhouses facade facades furniture era villa buildings cuisine restaurant food dish dishes wine wines cheese bread pastry kiss fries poetry novel novels novelist literature music opera film films cinema fashion-style revival crescent squares sash dressing cooking recipe recipes silverware bulldog shepherd mastiff delight salad coffee tea rug rugs carpet carpets",
    ),
    (
        Cues::NOT_AN_ORG,
        "ceo cfo coo cto gdp gnp ied ieds uav uavs usd eur gbp utc gmt est edt pst bst cet covid hiv aids tv pdf id dna mri ct atm gps ai it pr pm mp mps mep meps am bce ad bc ok vip hq ngo ngos wmd wmds icbm icbms slbm mlrs atacms himars uk us usa eu un iss rpg rpgs suv atv vat qr url html http https www faq rsvp diy evs ev lng lpg kw mw gw km mm nm kg cbrn cbrne isr c4isr csar manpads manpad sam sams apc apcs ifv ifvs mbt idp idps poc pow pows kia mia ww wwi wwii ii iii iv vi vii viii ix xi xii stem lgbt lgbtq phd mba ba ma msc md jr sr op ed aka fyi bn mn tn jpg png rq mq asw aew awacs stovl vtol aesa ew sof jdam jdams pgm pgms nco ncos snco sncos psc vbied svbied ppe usdollar rmb nok sek dkk chf cad aud jpy cny rub uah try",
    ),
    (
        Cues::CREDIT,
        "reuters afp ap upi dpa tass interfax ansa efe kyodo yonhap xinhua bloomberg getty photo photos photograph photographer picture pictures image images credit courtesy file shutterstock epa alamy afp/getty handout pool",
    ),
    (
        Cues::RULE,
        "administration government regime cabinet presidency era team campaign doctrine ally allies loyalists loyalist supporters supporter aides aide officials official adviser advisers coalition premiership white tariffs years family speech visit plan",
    ),
    (
        Cues::FIRM,
        "firm company group contractor maker manufacturer shipbuilder giant startup supplier shares subsidiary unit prime primes engines jets missiles conglomerate rival planemaker",
    ),
    (
        Cues::FIRM_END,
        "gmbh ag inc corp ltd plc llc llp sa spa nv se ab asa oy oyj kk co corporation incorporated limited sarl srl bv jsc ojsc pjsc pte pty",
    ),
    // What the White House releases of 2017 to 2025 (public domain) write small four times and as often as with a capital.
    (Cues::ORDINARY, include_str!("ordinary.txt")),
    (
        Cues::TRADE,
        "service magazine exchange marketplace studio label rival glassmaker papermaker arms-maker sportswear-maker toymaker jeweller confectioner distiller winemaker shipping-line shipper stockbroker fund investor creditor brokerage brokers broker insurer reinsurer lender bank carmaker automaker truckmaker retailer chain utility operator drugmaker chipmaker steelmaker steelmaker miner brewer airline bookmaker publisher newspaper daily tabloid magazine broadcaster channel station agency company firm group conglomerate contractor maker manufacturer producer supplier startup developer shipbuilder planemaker arms-maker giant subsidiary charity watchdog pollster think-tank thinktank institute party movement union club consultancy auditor regulator foundation cooperative grouping newswire ngo",
    ),
    (
        Cues::ORG_FRONT,
        "banco banque banca bank banka credit grupo groupe gruppo gruppa fondation fundacion fundacao fondazione stiftung institut instituto istituto universite universidad universidade universita universitat partido parti partito partia union radio televisa statistics agence agencia agenzia associacao asociacion association societe sociedad societa compagnie compania confederacion confederation comite deutsche royal club real movimiento mouvement movimento frente front alianza alliance team oxfam",
    ),
    (
        Cues::DETERMINER,
        "the a an his her its their our my your this that these those each every any some no whose another",
    ),
];

const ACTS: &str = "explain explains explained clarify clarifies clarified weigh weighs weighed mull mulls mulled brace braces braced trade trades traded exchange exchanges exchanged disagree disagrees disagreed differ differs differed clash clashes clashed quarrel quarreled bristle bristles bristled scramble scrambles scrambled escalate escalates escalated cooperate cooperates cooperated coordinate coordinates coordinated share shares shared finalize finalizes finalized conclude concludes concluded initial initialed celebrate celebrates celebrated demand reaffirm reaffirms reaffirmed reiterate reiterates reiterated deplore deplores deplored denounce denounces denounced applaud applauds applauded endorse endorses endorsed dispatch dispatched dispatches mobilize mobilizes mobilized conscript drafts drafted ignore ignores ignored shrug shrugged shrugs downplay downplays downplayed refute refutes refuted contest contests contested stay stays stayed remain fell break breaks broke fear say says said tell tells told want wants wanted insist insists insisted demand demands demanded refuse refuses refused reject rejects rejected accept accepts accepted agree agrees agreed announce announces announced warn warns warned threaten threatens threatened accuse accuses accused deny denies denied claim claims claimed argue argues argued believe believes believed hope hopes hoped fear fears feared expect expects expected plan plans planned propose proposes proposed offer offers offered ask asks asked urge urges urged call calls called back backs backed support supports supported oppose opposes opposed block blocks blocked veto vetoes vetoed lift lifts lifted impose imposes imposed approve approves approved sign signs signed decide decides decided vow vows vowed pledge pledges pledged promise promises promised respond responds responded react reacts reacted reply replies replied seek seeks sought try tries tried push pushes pushed press presses pressed send sends sent deploy deploys deployed supply supplies supplied launch launches launched withdraw withdraws withdrew suspend suspends suspended recognize recognizes recognized condemn condemns condemned criticize criticizes criticized welcome welcomes welcomed dismiss dismisses dismissed confirm confirms confirmed declare declares declared stress stresses stressed maintain maintains maintained consider considers considered regard regards regarded see sees saw view views viewed know knows knew think thinks thought feel feels felt fail fails failed continue continues continued begin begins began start starts started stop stops stopped move moves moved act acts acted signal signals signaled hint hints hinted suggest suggests suggested indicate indicates indicated express expresses expressed retaliate retaliates retaliated expel expels expelled summon summons summoned recall recalls recalled invade invades invaded annex annexed attack attacks attacked strike strikes struck fire fires fired test tests tested hold holds held make makes made take takes took give gives gave get gets got keep keeps kept face faces faced need needs needed join joins joined leave leaves left lead leads led win wins won lose loses lost buy buys bought sell sells sold spend spends spent pay pays paid provide provides provided receive receives received use uses used ban bans banned freeze freezes froze cut cuts raise raises raised increase increases increased boost boosts boosted expand expands expanded build builds built develop develops developed produce produces produced delay delays delayed postpone postpones postponed resume resumes resumed end ends ended return returns returned complain complains complained protest protests protested concede concedes conceded admit admits admitted blame blames blamed fund funds funded train trains trained host hosts hosted arm arms armed ratify ratifies ratified scrap scraps scrapped order orders ordered choose chooses chose pursue pursues pursued intend intends intended prefer prefers preferred object objects objected yield yields yielded bow bows bowed balk balks balked stall stalls stalled hesitate hesitates hesitated negotiate negotiates negotiated mediate mediates mediated brokered broker brokers counter counters countered allow allows allowed bar bars barred grant grants granted halt halts halted step steps stepped turn turns turned pull pulls pulled put puts set sets show shows showed warned resist resists resisted request requests requested hailed hails hail praise praises praised slam slams slammed mull mulls mulled eye eyes eyed risk risks risked stand stands stood watch watches watched fight fights fought wage wages waged owes owe owed closed spoke speaks testified testifies added adds notes noted wrote writes explained explains described describes told visited visits met meets arrived arrives resigned resigns stepped vowed apologised apologized joked quipped tweeted posted";

const ROLES: &str = "president minister premier chancellor secretary spokesman spokeswoman spokesperson commander chief chairman chairwoman chair director head leader ambassador envoy representative commissioner governor mayor senator congressman congresswoman lawmaker deputy analyst expert professor researcher fellow economist historian journalist author lawyer attorney prosecutor judge general-secretary coordinator adviser advisor aide officer official king queen prince princess emperor sultan emir sheikh sheik shaykh ayatollah imam mullah cleric pope bishop archbishop cardinal rabbi founder co-founder executive ceo treasurer speaker whip candidate nominee activist militant warlord dictator negotiator diplomat attache consul administrator undersecretary under-secretary inspector businessman businesswoman guide bodyguard printer comic comedian baker hotelier astronaut cosmonaut boss neighbor dentist publicist steward stewardess librarian priest nun monk vicar butcher plumber miner waiter waitress chef clerk accountant notary magistrate juror student teacher nurse shopkeeper farmer fisherman trader dealer broker banker investor firefighter policeman policewoman gunman witness survivor victim suspect defendant widow wife husband son daughter brother sister father mother uncle aunt nephew cousin actor actress singer poet novelist playwright painter filmmaker photographer architect surgeon midwife paramedic housewife pensioner taxi-driver tailor electrician mechanic carpenter guard guerrilla rebel dissident exile defector captain coach striker defender goalkeeper midfielder champion boxer sprinter cyclist jockey referee trainer tycoon magnate industrialist entrepreneur developer programmer chemist physicist biologist geologist seismologist meteorologist epidemiologist virologist statistician philosopher sociologist demographer criminologist pollster strategist lobbyist trade-unionist unionist organizer volunteer campaigner protester demonstrator villager resident refugee migrant tourist climber backpacker hostage captive peer backbencher frontbencher legislator parliamentarian councillor councilor alderman vice-president chairperson spokeswoman undersecretary premier-designate heiress heir monarch regent viceroy patriarch superintendent detective constable sheriff marshal manager editor correspondent producer writer strategist scientist engineer doctor physician surgeon pilot driver soldier airman sailor marine veteran reservist coach captain colonel major lieutenant sergeant corporal private admiral commodore brigadier general";

const RANKS: &str = "mr mrs ms miss dr prof sir dame lord lady baroness baron gen lt col maj capt cmdr cdr sgt adm brig sen rep gov rev spc pfc pvt cpl ssgt sfc msgt ltc cpt amn airman seaman petty staff warrant tsgt smsgt cmsgt hon hm madame monsieur herr frau general colonel lieutenant sergeant admiral commodore brigadier captain major corporal specialist";

const ORG_HEADS: &str = "ministry department agency authority commission committee council board bureau office institute institution foundation association federation union organization company corporation group university college academy school center laboratory laboratories lab brigade battalion regiment division squadron corps army navy force forces fleet wing command guard guards militia front movement party coalition alliance league congress parliament senate assembly tribunal court bank fund society club trust network service services staff directorate directorates secretariat mission task taskforce police gendarmerie consortium industries industry systems technologies technology dynamics aerospace aviation shipyard shipyards shipbuilding arsenal works holdings partners ventures capital solutions robotics defense brotherhood resistance army liberation battery platoon company detachment garrison unit cell initiative observatory chamber confederation syndicate cooperative charity church hospital ministry directorate inspectorate ombudsman treasury embassy consulate delegation mission administration subcommittee panel forum times post journal tribune herald gazette news press television radio broadcasting newspaper magazine media airlines airways railways motors electronics energy petroleum oil gas pharmaceuticals thinktank crescent cross rangers commandos marines seals artillery infantry cavalry hussars dragoons fusiliers peshmerga coastguard department legion contingent operations steelers united rovers government exchange bourse securities insurance assurance telecom telecommunications telekom communications mining mines steel chemical chemicals foods breweries brewery stores supermarkets bancorp enterprises resources international brothers sons pictures studios watch observer gallery orchestra ballet zoo library archive archives parish diocese archdiocese patriarchate synod wanderers athletic albion hotspur celtic fc cf bureaux railroad railways lines shipping logistics freight couriers properties estates builders construction cement engineering instruments semiconductor semiconductors software networks semiconductors biotech therapeutics laboratories commodities finance salvage tech rail mutual savings trust tv fm polytechnic seminary madrasa conservatory";

const PLACE_HEADS: &str = "garden gardens belt asia africa america europe mount municipality canton commune prefecture township governorate peak glacier volcano lagoon reef atoll archipelago isle isles ridge hamlet suburb quarter junction roundabout stadium racecourse prison jail river valley province city sea ocean mountain mountains street road avenue square airport island islands base district bay strait straits lake dam desert peninsula hill hills region county village town port harbor bridge canal gulf cape coast border oblast governorate state territory heights plain plateau forest park plaza tower palace castle airfield airbase field camp fort crossing gate highway hospital stadium hotel museum cathedral mosque temple crater corridor triangle basin delta falls creek springs beach";

const OTHER_HEADS: &str = "hurricane typhoon cyclone earthquake tsunami operation treaty agreement act war wars day week month year conference summit report review plan program resolution convention protocol award prize book paper bill law constitution charter accord accords declaration statement strategy doctrine exercise project scheme initiative deal pact dialogue talks crisis revolution uprising spring conflict battle campaign offensive attack massacre election elections referendum budget statute directive regulation amendment chapter article section annex appendix table figure version edition series cup games olympics championship festival medal order cross code index survey study letter memo memorandum communique compass memorial anniversary holiday mass genocide holocaust tank missile rocket drone helicopter aircraft fighter jet bomber frigate destroyer submarine carrier cruiser corvette class rifle gun howitzer system radar satellite era age century movement language studies";

const COMMON: &str = "the a an and but or nor so yet if when while as at by for from in into of off on onto out over to up with without within under after before since until till although though because unless whereas whether that this these those there here it its he she his her they their them we our us you your i my me who whom whose which what where why how all any both each every either neither few many more most much none no not only other others another some such same several one two three four five six seven eight nine ten hundreds thousands millions dozens now then today tomorrow yesterday tonight later earlier meanwhile however moreover furthermore additionally also again already still even just once ever never often sometimes perhaps maybe indeed thus therefore hence nevertheless nonetheless instead rather despite during about above across against along amid amidst among around behind below beneath beside besides between beyond concerning considering down except following like near notwithstanding past per plus regarding than through throughout toward towards upon versus via according based given due owing thanks please let yes no is are was were be been being have has had do does did can could may might must shall should will would new old first second third last next former late recent recently early officials troops soldiers police people men women children residents rebels militants sources experts analysts critics supporters ministers lawmakers leaders members workers families government governments military army forces security president minister chief asked speaking talking adding noting writing citing quoting saying using having being making taking asked photographs photo photos read more see click share follow subscribe breaking update updated watch video exclusive opinion analysis editorial comment live news top home about contact nearly almost roughly approximately at least dozens scores well great good bad big small high low long short part parts most overall finally initially originally previously currently presently ultimately eventually apparently clearly certainly obviously fortunately unfortunately sadly interestingly importantly similarly likewise conversely otherwise elsewhere nowhere everywhere anyone everyone someone nobody everybody somebody nothing everything something anything whatever whenever wherever whoever western eastern northern southern central international national local federal foreign domestic general special joint chapter coordinates establishing working named";

const US_PLACES: &str = "atlanta savannah augusta columbus macon athens marietta alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia wisconsin wyoming benning stewart moore gordon eisenhower gainesville albany valdosta warner robins rome brunswick decatur roswell";

const FIRST_NAMES: &str = "gareth zahid sajida abboud hayder haydar mohan mohannad qais riyadh wissam bilal jaber ghassan imad nawaf raed raad sabah safa shakir thamer wael zuhair elaine glenn colleen kristen kirsten leah holly heidi gail gwen hilda iris ivy jill joanna joanne josephine kathy katie kathleen kristin lynn marcia marianne marjorie maureen miriam monica naomi norma paula phyllis regina renee rhonda rita roberta rosa rosemary ruby sally sheila sherry stacy sylvia tamara tina tracy valerie vanessa veronica vivian wanda yolanda abdallah abdulla adnan ahmet aisha akram alaa alya amina amr aziza bassam batoul dina faisal farah farid fatima fatma firas ghada hadi hala hamza hanan haifa hisham huda ihsan iman issam jihad kamal khadija laila lamia layla leila lina maha majid malik mariam marwa mazen mona mounir mouna munir mustapha nada nadia naji najwa nasrin nour noura nura rafiq raghad rana randa rania reem rima rula sabri salah salim salma samar samira sana sawsan shadi shereen suad sumaya taha tala umm wafa wissam yasmin yasmine yazan zainab zakaria zaki zeina zeinab dirk wim frans marieke femke anouk bram daan joris koen maarten marloes niels pim rik roel sander sjoerd thijs jeroen erik joris hilde liv nina pernille rikke lise bente birgit agneta gunnar goran hakan leif bengt bo ingrid karin kerstin linnea elsa aino ville jari jukka jouni eero esko kari kimmo lauri markku mikko olli pasi risto seppo tuomas tapio artur bartosz grzegorz jakub kamil lukasz marcin maciej przemyslaw rafal szymon witold wojciech zofia hanna joanna magda monika dorota aleksandra alicja natalia julia lubomir lubos ondrej radek vit zdenek martina lucie jana eva tereza miroslav branko dragan goran zeljko tomislav nikola milorad vuk jovan djordje dusan nebojsa predrag ivo mladen stipe damir davor mate natasa mirjana biljana gordana vesna jelena ljiljana giulia chiara federica silvia valentina alessia davide fabio filippo enrico emanuele gianni gianluca luca maurizio massimo riccardo renato stefano tommaso vittorio ugo alba alfonso andres angel arturo beatriz cesar consuelo emilio enrique ernesto esteban eugenio felipe gonzalo guillermo gustavo hector ignacio ines irene joaquin leonardo lucia luisa marcos marta mercedes nuria oscar patricio pilar ramon rosario ruben santiago susana teresa vicente alain andre arnaud aurelie benedicte bernard bertrand brigitte cecile celine chantal christophe corinne delphine denis didier dominique elisabeth emilie eric etienne fabrice francis frederic genevieve gilles gregoire guy helene hubert isabelle jeanne jean joel julien karine lionel loic luc lucien marc marcel marine martine maxime monique muriel nicole olivia pascal pascale patrice raphael regis remi rene romain roland sandrine serge severine sylvain sylvie valerie veronique virginie xavier kenji hiroko keiko kazuo masako naoko noriko takashi yoko yuki yumi min-jun ji-hoon sung jae jin hyun young wei ming ying xiao yan yang li ling mei jian jun hong hua qiang rajesh suresh ramesh mahesh deepak ashok priya pooja neha sunita anjali kavita meera lakshmi vikram rohit arjun aditya karan nikhil gaurav harsh ritu shalini swati tanya uma usha vandana tewodros girma tesfaye getachew mulugeta abebe alemayehu bekele dawit kwame kofi kojo yaw ama akosua chinua chidi emeka ifeanyi obinna uche amaka babatunde adebayo folake funmi tunde james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven stephen paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy christian walter keith austin roger terry sean gerald carl dylan harold jordan jesse bryan lawrence arthur gabriel bruce logan billy joe alan juan elijah willie albert wayne randy mason vincent liam roy bobby caleb bradley russell lucas mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine debra rachel carolyn janet maria olivia heather helen catherine diane julie victoria joyce lauren kelly christina ruth joan virginia judith evelyn hannah andrea megan cheryl jacqueline madison teresa abigail sophia martha sara gloria janice kathryn ann isabella judy charlotte julia grace amber alice jean denise frances danielle marilyn natalie beverly diana brittany theresa kayla alexis doris lori tiffany lorraine ed tom tim jim bob bill mike dan dave steve chris nick ben sam matt tony ken greg jeff ron don rob phil pete andy alex max leo harry oliver george oscar theo rishi keir boris theresa liz priti suella penny yvette rachel wes angela david lammy nigel ian iain duncan graham gavin grant gordon alistair alasdair hamish fiona niamh siobhan conor declan eoin sinead ciaran michel pierre jacques philippe francois emmanuel nicolas laurent olivier sebastien stephane thierry guillaume antoine benoit bruno gerard herve jerome yves marie sophie claire nathalie isabelle catherine florence segolene hans klaus jurgen juergen wolfgang heinz dieter uwe bernd stefan stefanie ursula annegret annalena olaf friedrich boris robert christian markus matthias johannes jens sven lars karl heiko peter sigmar franz gerhard helmut horst lothar rainer ralf rolf thorsten torsten ulrich volker werner giuseppe giovanni matteo mario luigi antonio guido carlo francesco marco paolo roberto sergio silvio giorgia elena lorenzo alessandro andrea pedro jose juan carlos luis miguel javier manuel fernando jorge alberto ricardo diego pablo rafael alejandro eduardo margarita carmen pilar dolores ana joao paulo antonio marcelo luiz jair dilma nuno rui tiago jan piet willem hendrik mark geert wopke sigrid kajsa ruben dick jaap joost andrzej jerzy jaroslaw lech donald tomasz mateusz mariusz wladyslaw radoslaw krzysztof piotr pawel michal marek jacek zbigniew stanislaw kazimierz antoni beata ewa agnieszka malgorzata anna barbara katarzyna vaclav milos petr jiri tomas jaroslav andrej zuzana robert eduard peter igor ivan viktor laszlo orban gyorgy janos istvan ferenc ion klaus traian mihai nicolae marcel radu boyko rumen kiril asen nikolay bozidar aleksandar ivica ana zoran borut janez marjan milan slobodan radovan ratko hashim albin edi sali bujar arvydas dalia gitanas gabrielius dovile ingrida linas valdis krisjanis edgars artis egils evika kaja kersti alar hanno urmas juri taavi kristen sauli sanna petteri antti elina alexander mika pekka juha matti timo jens jonas erna ine espen bard tore odd anniken mette lars troels morten soren anders helle ulf magdalena carl pal mikael margot stefan peter hulqvist lena vladimir dmitry dmitri sergei sergey nikolai alexei aleksei alexey aleksey mikhail yuri yury igor oleg boris anatoly anatoli valery valeri viktor vyacheslav gennady leonid ramzan yevgeny evgeny andrei andrey maxim maksim anton konstantin kirill pavel roman ruslan rustem ivan maria mariya ekaterina olga tatiana svetlana natalia natalya elena irina volodymyr oleksandr oleksiy oleksii dmytro serhiy serhii andriy andrii mykhailo mykola petro yulia yuliya denys kyrylo valerii valeriy valeriia vasyl taras bohdan ihor vitali vitaliy iryna olena olha oksana nataliia arseniy ruslan maksym pavlo aliaksandr alyaksandr alexander sviatlana mikheil giorgi salome irakli bidzina nikol serzh ilham heydar nursultan kassym shavkat emomali sooronbay recep tayyip ahmet mehmet mustafa kemal hulusi yasar mevlut hakan suleyman binali abdullah ali hasan hassan hussein husayn hossein mohammed mohammad muhammad mohamed mohamad muhammed ahmed ahmad mahmoud mahmud omar umar osman othman yusuf yousef youssef ibrahim ismail khalid khaled karim kareem abdul abdel abdulaziz abdulrahman abdullahi abdelfattah salman faisal fahd saud sultan turki bandar tamim hamad nasser jamal jamil rashid rashed saeed said saif samir sami tariq tarek walid waleed yahya yasser zaid zayed ziad bashar hafez rami maher nouri haider fuad fouad barham massoud masoud masrour nechirvan jalal muqtada adil adel mustafa qasem qassem esmail hassan javad mahmoud ebrahim saddam uday qusay osama ayman nabil najib hosni anwar gamal moncef habib zine abdelmadjid abdelaziz muammar khalifa fayez abdelhamid mokhtar hamid ashraf abdul rashid gulbuddin mullah haibatullah sirajuddin pervez nawaz shehbaz imran bilawal asif asim qamar raheel narendra rahul sonia rajnath subrahmanyam amit manmohan atal indira rajiv arun sushma nirmala ajit bipin manoj anil sanjay vijay ravi shinzo fumio yoshihide taro junichiro itsunori yasukazu nobuo gen minoru sanae shigeru yoshimasa toshimitsu takeshi hiroshi kenji akira satoshi benny binyamin benjamin bibi naftali yair ehud moshe avigdor gadi aviv herzi yoav gideon shimon ariel yitzhak itamar bezalel tzipi golda isaac israel eli eyal amir amos dan danny gabi mahmoud ismail yahya khaled marwan saeb riyad jacinda scott malcolm tony julia kevin peter penny richard marise linda christopher bob john justin stephen pierre chrystia harjit anita bill melanie mark jody ngozi muhammadu goodluck olusegun paul yoweri uhuru william raila cyril jacob thabo nelson abiy hailemariam isaias salva riek omar idriss joao jose filipe felix joseph laurent emmerson robert macky alassane blaise ibrahim assimi nicolas hugo nicolas fidel raul miguel gustavo ivan alvaro andres enrique claudia gabriel sebastian michelle cristina mauricio javier nayib daniel evo rodrigo ferdinand bongbong benigno gloria leni delfin gilbert joko prabowo susilo megawati retno mahathir anwar najib muhyiddin lee goh lawrence prayut thaksin yingluck srettha paetongtarn aung min hun sen hor kyaw isiah lloyd ash chuck jim james pete patrick mattis marco antony jake susan samantha condoleezza colin hillary barack joe kamala mike melania ivanka jared rex gina avril lindsey mitch nancy chuck kevin hakeem adam ted bernie elizabeth tammy tulsi pete jd kash dan";

/// Adjectives of the first half of a pair (Franco-German) and the state they stand for.
pub(super) const PREFIXES: &[(&str, &str)] = &[
    ("anglo", "state/united-kingdom"),
    ("americano", "state/united-states"),
    ("austro", "state/austria"),
    ("franco", "state/france"),
    ("greco", "state/greece"),
    ("graeco", "state/greece"),
    ("hispano", "state/spain"),
    ("indo", "state/india"),
    ("irano", "state/iran"),
    ("iraqi", "state/iraq"),
    ("israelo", "state/israel"),
    ("italo", "state/italy"),
    ("luso", "state/portugal"),
    ("nippo", "state/japan"),
    ("polono", "state/poland"),
    ("russo", "state/russia"),
    ("serbo", "state/serbia"),
    ("sino", "state/china"),
    ("soviet", "state/soviet-union"),
    ("turco", "state/turkiye"),
];

/// Places that are spoken of as institutions: they act unless a preposition makes them a building.
pub(super) const INSTITUTIONS: &[&str] = &[
    "kremlin",
    "pentagon",
    "white house",
    "downing street",
    "10 downing street",
    "no 10",
    "number 10",
    "whitehall",
    "elysee",
    "elysee palace",
    "quai dorsay",
    "foggy bottom",
    "capitol hill",
    "berlaymont",
    "blue house",
    "zhongnanhai",
    "westminster",
    "bankova",
    "foreign office",
    "matignon",
    "palazzo chigi",
    "hotel de brienne",
    "hexagone balard",
    "langley",
    "turtle bay",
    "binnenhof",
    "bendlerblock",
    "south block",
    "raisina hill",
    "kirya",
    "brienne",
    "farnesina",
    "moncloa",
    "capitol",
    "the hill",
    "holyrood",
    "sublime porte",
    "stormont",
];
