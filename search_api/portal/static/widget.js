var yt=Object.defineProperty;var At=(r,t,e)=>t in r?yt(r,t,{enumerable:!0,configurable:!0,writable:!0,value:e}):r[t]=e;var D=(r,t,e)=>At(r,typeof t!="symbol"?t+"":t,e);var H=globalThis,N=H.ShadowRoot&&(H.ShadyCSS===void 0||H.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,j=Symbol(),tt=new WeakMap,k=class{constructor(t,e,s){if(this._$cssResult$=!0,s!==j)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(N&&t===void 0){let s=e!==void 0&&e.length===1;s&&(t=tt.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),s&&tt.set(e,t))}return t}toString(){return this.cssText}},et=r=>new k(typeof r=="string"?r:r+"",void 0,j),z=(r,...t)=>{let e=r.length===1?r[0]:t.reduce((s,i,n)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+r[n+1],r[0]);return new k(e,r,j)},st=(r,t)=>{if(N)r.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let s=document.createElement("style"),i=H.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=e.cssText,r.appendChild(s)}},B=N?r=>r:r=>r instanceof CSSStyleSheet?(t=>{let e="";for(let s of t.cssRules)e+=s.cssText;return et(e)})(r):r;var{is:wt,defineProperty:Et,getOwnPropertyDescriptor:kt,getOwnPropertyNames:St,getOwnPropertySymbols:xt,getPrototypeOf:Ct}=Object,L=globalThis,it=L.trustedTypes,Pt=it?it.emptyScript:"",Ut=L.reactiveElementPolyfillSupport,S=(r,t)=>r,I={toAttribute(r,t){switch(t){case Boolean:r=r?Pt:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,t){let e=r;switch(t){case Boolean:e=r!==null;break;case Number:e=r===null?null:Number(r);break;case Object:case Array:try{e=JSON.parse(r)}catch{e=null}}return e}},nt=(r,t)=>!wt(r,t),rt={attribute:!0,type:String,converter:I,reflect:!1,useDefault:!1,hasChanged:nt};Symbol.metadata??=Symbol("metadata"),L.litPropertyMetadata??=new WeakMap;var f=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=rt){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(t,s,e);i!==void 0&&Et(this.prototype,t,i)}}static getPropertyDescriptor(t,e,s){let{get:i,set:n}=kt(this.prototype,t)??{get(){return this[e]},set(o){this[e]=o}};return{get:i,set(o){let h=i?.call(this);n?.call(this,o),this.requestUpdate(t,h,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??rt}static _$Ei(){if(this.hasOwnProperty(S("elementProperties")))return;let t=Ct(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(S("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(S("properties"))){let e=this.properties,s=[...St(e),...xt(e)];for(let i of s)this.createProperty(i,e[i])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[s,i]of e)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[e,s]of this.elementProperties){let i=this._$Eu(e,s);i!==void 0&&this._$Eh.set(i,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let s=new Set(t.flat(1/0).reverse());for(let i of s)e.unshift(B(i))}else t!==void 0&&e.push(B(t));return e}static _$Eu(t,e){let s=e.attribute;return s===!1?void 0:typeof s=="string"?s:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let s of e.keys())this.hasOwnProperty(s)&&(t.set(s,this[s]),delete this[s]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return st(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,s){this._$AK(t,s)}_$ET(t,e){let s=this.constructor.elementProperties.get(t),i=this.constructor._$Eu(t,s);if(i!==void 0&&s.reflect===!0){let n=(s.converter?.toAttribute!==void 0?s.converter:I).toAttribute(e,s.type);this._$Em=t,n==null?this.removeAttribute(i):this.setAttribute(i,n),this._$Em=null}}_$AK(t,e){let s=this.constructor,i=s._$Eh.get(t);if(i!==void 0&&this._$Em!==i){let n=s.getPropertyOptions(i),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:I;this._$Em=i;let h=o.fromAttribute(e,n.type);this[i]=h??this._$Ej?.get(i)??h,this._$Em=null}}requestUpdate(t,e,s,i=!1,n){if(t!==void 0){let o=this.constructor;if(i===!1&&(n=this[t]),s??=o.getPropertyOptions(t),!((s.hasChanged??nt)(n,e)||s.useDefault&&s.reflect&&n===this._$Ej?.get(t)&&!this.hasAttribute(o._$Eu(t,s))))return;this.C(t,e,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:s,reflect:i,wrapped:n},o){s&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,o??e??this[t]),n!==!0||o!==void 0)||(this._$AL.has(t)||(this.hasUpdated||s||(e=void 0),this._$AL.set(t,e)),i===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,n]of this._$Ep)this[i]=n;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,n]of s){let{wrapped:o}=n,h=this[i];o!==!0||this._$AL.has(i)||h===void 0||this.C(i,void 0,n,h)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(e)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};f.elementStyles=[],f.shadowRootOptions={mode:"open"},f[S("elementProperties")]=new Map,f[S("finalized")]=new Map,Ut?.({ReactiveElement:f}),(L.reactiveElementVersions??=[]).push("2.1.2");var X=globalThis,ot=r=>r,M=X.trustedTypes,at=M?M.createPolicy("lit-html",{createHTML:r=>r}):void 0,ut="$lit$",_=`lit$${Math.random().toFixed(9).slice(2)}$`,ft="?"+_,Ot=`<${ft}>`,y=document,C=()=>y.createComment(""),P=r=>r===null||typeof r!="object"&&typeof r!="function",Z=Array.isArray,Rt=r=>Z(r)||typeof r?.[Symbol.iterator]=="function",V=`[ 	
\f\r]`,x=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ht=/-->/g,lt=/>/g,v=RegExp(`>|${V}(?:([^\\s"'>=/]+)(${V}*=${V}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),ct=/'/g,pt=/"/g,mt=/^(?:script|style|textarea|title)$/i,Q=r=>(t,...e)=>({_$litType$:r,strings:t,values:e}),m=Q(1),It=Q(2),Vt=Q(3),A=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),dt=new WeakMap,b=y.createTreeWalker(y,129);function $t(r,t){if(!Z(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return at!==void 0?at.createHTML(t):t}var Tt=(r,t)=>{let e=r.length-1,s=[],i,n=t===2?"<svg>":t===3?"<math>":"",o=x;for(let h=0;h<e;h++){let a=r[h],p,d,l=-1,u=0;for(;u<a.length&&(o.lastIndex=u,d=o.exec(a),d!==null);)u=o.lastIndex,o===x?d[1]==="!--"?o=ht:d[1]!==void 0?o=lt:d[2]!==void 0?(mt.test(d[2])&&(i=RegExp("</"+d[2],"g")),o=v):d[3]!==void 0&&(o=v):o===v?d[0]===">"?(o=i??x,l=-1):d[1]===void 0?l=-2:(l=o.lastIndex-d[2].length,p=d[1],o=d[3]===void 0?v:d[3]==='"'?pt:ct):o===pt||o===ct?o=v:o===ht||o===lt?o=x:(o=v,i=void 0);let $=o===v&&r[h+1].startsWith("/>")?" ":"";n+=o===x?a+Ot:l>=0?(s.push(p),a.slice(0,l)+ut+a.slice(l)+_+$):a+_+(l===-2?h:$)}return[$t(r,n+(r[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),s]},U=class r{constructor({strings:t,_$litType$:e},s){let i;this.parts=[];let n=0,o=0,h=t.length-1,a=this.parts,[p,d]=Tt(t,e);if(this.el=r.createElement(p,s),b.currentNode=this.el.content,e===2||e===3){let l=this.el.content.firstChild;l.replaceWith(...l.childNodes)}for(;(i=b.nextNode())!==null&&a.length<h;){if(i.nodeType===1){if(i.hasAttributes())for(let l of i.getAttributeNames())if(l.endsWith(ut)){let u=d[o++],$=i.getAttribute(l).split(_),T=/([.?@])?(.*)/.exec(u);a.push({type:1,index:n,name:T[2],strings:$,ctor:T[1]==="."?K:T[1]==="?"?J:T[1]==="@"?F:E}),i.removeAttribute(l)}else l.startsWith(_)&&(a.push({type:6,index:n}),i.removeAttribute(l));if(mt.test(i.tagName)){let l=i.textContent.split(_),u=l.length-1;if(u>0){i.textContent=M?M.emptyScript:"";for(let $=0;$<u;$++)i.append(l[$],C()),b.nextNode(),a.push({type:2,index:++n});i.append(l[u],C())}}}else if(i.nodeType===8)if(i.data===ft)a.push({type:2,index:n});else{let l=-1;for(;(l=i.data.indexOf(_,l+1))!==-1;)a.push({type:7,index:n}),l+=_.length-1}n++}}static createElement(t,e){let s=y.createElement("template");return s.innerHTML=t,s}};function w(r,t,e=r,s){if(t===A)return t;let i=s!==void 0?e._$Co?.[s]:e._$Cl,n=P(t)?void 0:t._$litDirective$;return i?.constructor!==n&&(i?._$AO?.(!1),n===void 0?i=void 0:(i=new n(r),i._$AT(r,e,s)),s!==void 0?(e._$Co??=[])[s]=i:e._$Cl=i),i!==void 0&&(t=w(r,i._$AS(r,t.values),i,s)),t}var W=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:s}=this._$AD,i=(t?.creationScope??y).importNode(e,!0);b.currentNode=i;let n=b.nextNode(),o=0,h=0,a=s[0];for(;a!==void 0;){if(o===a.index){let p;a.type===2?p=new O(n,n.nextSibling,this,t):a.type===1?p=new a.ctor(n,a.name,a.strings,this,t):a.type===6&&(p=new G(n,this,t)),this._$AV.push(p),a=s[++h]}o!==a?.index&&(n=b.nextNode(),o++)}return b.currentNode=y,i}p(t){let e=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(t,s,e),e+=s.strings.length-2):s._$AI(t[e])),e++}},O=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,s,i){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=w(this,t,e),P(t)?t===c||t==null||t===""?(this._$AH!==c&&this._$AR(),this._$AH=c):t!==this._$AH&&t!==A&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Rt(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==c&&P(this._$AH)?this._$AA.nextSibling.data=t:this.T(y.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:s}=t,i=typeof s=="number"?this._$AC(t):(s.el===void 0&&(s.el=U.createElement($t(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(e);else{let n=new W(i,this),o=n.u(this.options);n.p(e),this.T(o),this._$AH=n}}_$AC(t){let e=dt.get(t.strings);return e===void 0&&dt.set(t.strings,e=new U(t)),e}k(t){Z(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,s,i=0;for(let n of t)i===e.length?e.push(s=new r(this.O(C()),this.O(C()),this,this.options)):s=e[i],s._$AI(n),i++;i<e.length&&(this._$AR(s&&s._$AB.nextSibling,i),e.length=i)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let s=ot(t).nextSibling;ot(t).remove(),t=s}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},E=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,s,i,n){this.type=1,this._$AH=c,this._$AN=void 0,this.element=t,this.name=e,this._$AM=i,this.options=n,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=c}_$AI(t,e=this,s,i){let n=this.strings,o=!1;if(n===void 0)t=w(this,t,e,0),o=!P(t)||t!==this._$AH&&t!==A,o&&(this._$AH=t);else{let h=t,a,p;for(t=n[0],a=0;a<n.length-1;a++)p=w(this,h[s+a],e,a),p===A&&(p=this._$AH[a]),o||=!P(p)||p!==this._$AH[a],p===c?t=c:t!==c&&(t+=(p??"")+n[a+1]),this._$AH[a]=p}o&&!i&&this.j(t)}j(t){t===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},K=class extends E{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===c?void 0:t}},J=class extends E{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==c)}},F=class extends E{constructor(t,e,s,i,n){super(t,e,s,i,n),this.type=5}_$AI(t,e=this){if((t=w(this,t,e,0)??c)===A)return;let s=this._$AH,i=t===c&&s!==c||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive,n=t!==c&&(s===c||i);i&&this.element.removeEventListener(this.name,this,s),n&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},G=class{constructor(t,e,s){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(t){w(this,t)}};var Ht=X.litHtmlPolyfillSupport;Ht?.(U,O),(X.litHtmlVersions??=[]).push("3.3.3");var _t=(r,t,e)=>{let s=e?.renderBefore??t,i=s._$litPart$;if(i===void 0){let n=e?.renderBefore??null;s._$litPart$=i=new O(t.insertBefore(C(),n),n,void 0,e??{})}return i._$AI(r),i};var Y=globalThis,g=class extends f{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=_t(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return A}};g._$litElement$=!0,g.finalized=!0,Y.litElementHydrateSupport?.({LitElement:g});var Nt=Y.litElementPolyfillSupport;Nt?.({LitElement:g});(Y.litElementVersions??=[]).push("4.2.2");var Lt=0,q=class{constructor({input:t,list:e,status:s,suggest:i,choose:n}){Object.assign(this,{input:t,list:e,status:s,suggest:i,choose:n}),this.active=-1,this.composing=!1,e.id||=`goi-y-${++Lt}`,e.setAttribute("role","listbox"),e.setAttribute("aria-label","Gợi ý");for(let[o,h]of Object.entries({role:"combobox",autocomplete:"off","aria-autocomplete":"list","aria-haspopup":"listbox","aria-controls":e.id}))t.setAttribute(o,h);this.close(),t.addEventListener("compositionstart",()=>{this.composing=!0,this.stop()}),t.addEventListener("compositionend",()=>{this.composing=!1,this.ask()}),t.addEventListener("input",()=>this.composing||this.ask()),t.addEventListener("keydown",o=>this.onKey(o)),t.addEventListener("blur",()=>this.close()),e.addEventListener("pointerdown",o=>o.preventDefault()),e.addEventListener("click",o=>{let h=o.target.closest("[role=option]");h&&this.take(h)})}get options(){return[...this.list.children]}get isOpen(){return!this.list.hidden}stop(){clearTimeout(this.timer),this.running?.abort()}ask(){this.stop(),this.timer=setTimeout(async()=>{let t=this.input.value.trim();if(!t)return this.close();let e=this.running=new AbortController;try{let s=await this.suggest(t,e.signal);e.signal.aborted||this.show(s.filter(i=>i!==t))}catch{this.close()}},180)}show(t){if(!t.length||!this.input.matches(":focus"))return this.close();this.list.replaceChildren(...t.map((e,s)=>{let i=document.createElement("li");return i.id=`${this.list.id}-${s}`,i.setAttribute("role","option"),i.textContent=e,i})),this.list.hidden=!1,this.input.setAttribute("aria-expanded","true"),this.mark(-1),this.status.textContent=`${t.length} gợi ý, chọn bằng mũi tên lên xuống.`}close(){this.stop(),this.list.hidden=!0,this.list.replaceChildren(),this.input.setAttribute("aria-expanded","false"),this.input.removeAttribute("aria-activedescendant"),this.active=-1,this.status.textContent=""}mark(t){let e=this.options;if(this.active=t,e.forEach((s,i)=>s.setAttribute("aria-selected",String(i===t))),t<0)return this.input.removeAttribute("aria-activedescendant");this.input.setAttribute("aria-activedescendant",e[t].id),e[t].scrollIntoView({block:"nearest"})}take(t){let e=t.textContent;this.input.value=e,this.close(),this.choose(e)}onKey(t){if(t.isComposing||t.keyCode===229)return;let e=this.options.length-1;if(t.key==="Enter"&&this.active<0)return this.close();if(t.key==="ArrowDown"&&!this.isOpen)this.ask();else if(this.isOpen)if(t.key==="ArrowDown")this.mark(this.active===e?-1:this.active+1);else if(t.key==="ArrowUp")this.mark(this.active===-1?e:this.active-1);else if(t.key==="Escape")this.close();else if(t.key==="Enter")this.take(this.options[this.active]);else return;else return;t.preventDefault()}};async function gt(r,t,e){let s=new URL(r);s.searchParams.set("q",t);let i=await fetch(s,{signal:e,headers:{accept:"application/json"}});return i.ok?(await i.json()).suggestions:[]}var vt=new URL("./",import.meta.url),Mt=5,bt={answered:"Trả lời",partial:"Trả lời một phần",not_found:"Không tìm thấy"},R=class extends g{constructor(){super(),this.label="Hỏi về kế hoạch của tỉnh",this._state={is:"idle"}}get base(){return this.server?new URL(this.server.replace(/\/*$/,"/")):vt}get filters(){let t=e=>(e??"").split(",").map(s=>s.trim()).filter(Boolean);return{province:t(this.province),year:t(this.year).map(Number)}}page(t){let e=new URL(this.base);t&&e.searchParams.set("q",t);for(let[s,i]of Object.entries(this.filters))for(let n of i)e.searchParams.append(s,n);return e.href}firstUpdated(){let t=e=>this.renderRoot.querySelector(e);this.input=t("input"),new q({input:this.input,list:t(".suggestions"),status:t(".count"),suggest:(e,s)=>gt(new URL("v1/suggest",this.base),e,s),choose:()=>this.ask()})}async ask(t=!1){let e=this.input.value.trim();if(!e)return;this.running?.abort();let s=this.running=new AbortController;this._state={is:"busy"};let i;try{let n=await fetch(new URL("v1/ask",this.base),{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({question:e,filters:this.filters,as_typed:t}),signal:s.signal}),o=await n.json();i=n.ok?{is:"said",answer:o}:{is:"failed",why:o.detail}}catch{i={is:"failed",why:"Chưa kết nối được với máy chủ tra cứu."}}s.signal.aborted||(this._state={...i,question:e})}render(){return m`<div class="all" part="all">
      <form
        part="form"
        role="search"
        action=${this.page()}
        @submit=${t=>{t.preventDefault(),this.ask()}}
      >
        <label for="q">${this.label}</label>
        <div class="box">
          <div class="typed">
            <input
              id="q"
              part="input"
              name="q"
              type="search"
              required
              maxlength="1000"
              spellcheck="false"
              enterkeyhint="search"
              placeholder="Ví dụ: đơn vị nào chủ trì …?"
            />
            <ul class="suggestions"></ul>
            <span class="unseen count" role="status"></span>
          </div>
          <button part="button">Hỏi</button>
        </div>
      </form>
      <p class="unseen told" role="status">${this.told}</p>
      ${this.said}
    </div>`}get told(){let{is:t,answer:e,why:s}=this._state;return t==="busy"?"Đang tra cứu…":t==="failed"?s:t==="said"?`${bt[e.status]}: ${e.answer}`:""}get said(){let{is:t,answer:e,why:s,question:i}=this._state;if(t==="busy")return m`<p class="quiet" aria-hidden="true">Đang tra cứu…</p>`;if(t==="failed")return m`<p class="verdict">Chưa trả lời được</p>
        <p>${s}</p>
        ${this.more("Mở trang tra cứu",i)}`;if(t!=="said")return c;let{corrected:n}=e.interpretation,o=e.citations.length?e.citations:e.alternatives.map(h=>h.citation);return m`<section part="answer" aria-label="Câu trả lời">
      <p class="verdict">${bt[e.status]}</p>
      ${n?m`<p class="quiet">
            Đang trả lời cho: <em>${n}</em>.
            <button class="plain" type="button" @click=${()=>this.ask(!0)}>
              Hỏi đúng như đã gõ
            </button>
          </p>`:c}
      <p class="answer">${e.answer}</p>
      ${o.length?m`<p class="quiet">${e.citations.length?"Trích dẫn":"Gần nhất với câu hỏi"}</p>
            <ol>
              ${o.slice(0,Mt).map(h=>this.cited(h))}
            </ol>`:c}
      ${this.more("Xem đầy đủ trên trang tra cứu",e.question)}
    </section>`}cited(t){let e=t.kind==="plan"?"#trich":new URL(t.url,vt).hash,s=new URL(`plan/${encodeURIComponent(t.plan_id)}?from=${t.start}&to=${t.end}${e}`,this.base),i=[t.province,t.plan_number&&`số ${t.plan_number}`];return m`<li class="citation">
      <blockquote>${t.quote.replaceAll("	"," | ")}</blockquote>
      <a href=${s.href} target="_blank" rel="noopener"
        >${t.label}<span class="unseen"> (mở thẻ mới)</span></a
      >
      <span class="quiet">${i.filter(Boolean).join(" · ")||t.plan_title}</span>
    </li>`}more(t,e){return m`<a class="more" href=${this.page(e)} target="_blank" rel="noopener"
      >${t}<span class="unseen"> (mở thẻ mới)</span></a
    >`}};D(R,"properties",{province:{},year:{},label:{},server:{},_state:{state:!0}}),D(R,"styles",z`
    :host {
      all: initial !important;
      display: block !important;
      color-scheme: inherit !important;
      --_accent: var(--kehoach-accent, #0f5c63);
      --_accent-ink: var(--kehoach-accent-ink, #fff);
      --_paper: var(--kehoach-paper, #fff);
      --_ink: var(--kehoach-ink, #1d2426);
      --_quiet: var(--kehoach-quiet, #55625f);
      --_line: var(--kehoach-line, #d9dcd6);
      --_wash: var(--kehoach-wash, #e8f0ef);
      --_radius: var(--kehoach-radius, 0.5rem);
    }
    @supports (color: light-dark(#000, #fff)) {
      :host {
        --_accent: var(--kehoach-accent, light-dark(#0f5c63, #7cc5c9));
        --_accent-ink: var(--kehoach-accent-ink, light-dark(#fff, #0b1a1c));
        --_paper: var(--kehoach-paper, light-dark(#fff, #1a2224));
        --_ink: var(--kehoach-ink, light-dark(#1d2426, #e6eae8));
        --_quiet: var(--kehoach-quiet, light-dark(#55625f, #a3b0ad));
        --_line: var(--kehoach-line, light-dark(#d9dcd6, #33403f));
        --_wash: var(--kehoach-wash, light-dark(#e8f0ef, #213032));
      }
    }
    :host([hidden]) {
      display: none !important;
    }
    * {
      box-sizing: border-box;
    }
    .all {
      color: var(--_ink);
      background: var(--_paper);
      border: 1px solid var(--_line);
      border-radius: var(--_radius);
      padding: 1rem;
      font: 1rem/1.55 var(--kehoach-font, "Segoe UI", "Noto Sans", Roboto, Arial, sans-serif);
      overflow-wrap: break-word;
    }
    label {
      display: block;
      color: var(--_quiet);
      font-size: 0.9rem;
      margin-bottom: 0.25rem;
    }
    .box {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
    }
    .typed {
      flex: 1 1 14rem;
      min-width: 0;
      position: relative;
    }
    input,
    button {
      font: inherit;
      border-radius: var(--_radius);
      padding: 0.55rem 0.9rem;
    }
    input {
      width: 100%;
      color: var(--_ink);
      background: var(--_paper);
      border: 1px solid var(--_quiet);
    }
    ::placeholder {
      color: var(--_quiet);
      opacity: 1;
    }
    button {
      border: 1px solid transparent;
      background: var(--_accent);
      color: var(--_accent-ink);
      font-weight: 600;
      cursor: pointer;
    }
    button.plain {
      background: none;
      color: var(--_accent);
      padding: 0.1rem 0;
      font-weight: 400;
      text-decoration: underline;
      text-align: left;
    }
    :focus-visible {
      outline: 3px solid var(--_accent);
      outline-offset: 2px;
    }
    ul,
    ol {
      list-style: none;
      margin: 0;
      padding: 0;
    }
    .suggestions {
      position: absolute;
      inset: calc(100% + 0.2rem) 0 auto;
      z-index: 1;
      max-height: 18rem;
      overflow-y: auto;
      padding: 0.25rem;
      background: var(--_paper);
      border: 1px solid var(--_quiet);
      border-radius: var(--_radius);
      box-shadow: 0 6px 20px rgb(0 0 0 / 0.2);
    }
    [role="option"] {
      padding: 0.4rem 0.6rem;
      border-radius: calc(var(--_radius) / 2);
      cursor: pointer;
    }
    [role="option"]:hover,
    [aria-selected="true"] {
      background: var(--_wash);
    }
    [aria-selected="true"] {
      outline: 2px solid var(--_accent);
      outline-offset: -2px;
    }
    [hidden] {
      display: none !important;
    }
    .unseen {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .verdict {
      margin: 1rem 0 0.25rem;
      font-weight: 600;
      color: var(--_accent);
    }
    p {
      margin: 0 0 0.5rem;
    }
    .answer {
      white-space: pre-line;
    }
    .quiet {
      color: var(--_quiet);
      font-size: 0.9rem;
    }
    li.citation {
      border-left: 3px solid var(--_line);
      padding-left: 0.75rem;
      margin-block: 0.75rem;
    }
    blockquote {
      margin: 0;
    }
    a {
      color: var(--_accent);
    }
    .more {
      display: inline-block;
      padding-block: 0.2rem;
    }
  `);customElements.get("kehoach-search")||customElements.define("kehoach-search",R);
