<?xml version="1.0" encoding="UTF-8"?>
<!-- Last step, written for the tests: a stylesheet that writes a report in SVRL. -->
<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:x="urn:generated"
                xmlns:sch="http://purl.oclc.org/dsdl/schematron" xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
  <xsl:import href="iso_schematron_skeleton_for_saxon.xsl"/>
  <xsl:namespace-alias stylesheet-prefix="x" result-prefix="xsl"/>
  <xsl:template name="said">
    <xsl:param name="tag"/>
    <xsl:element name="svrl:{$tag}">
      <xsl:if test="@role"><xsl:attribute name="role" select="@role"/></xsl:if>
      <x:attribute name="location"><x:apply-templates select="." mode="place"/></x:attribute>
      <svrl:text>
        <xsl:for-each select="node()">
          <xsl:choose>
            <xsl:when test="self::sch:value-of"><x:value-of select="{@select}"/></xsl:when>
            <xsl:otherwise><x:text><xsl:value-of select="."/></x:text></xsl:otherwise>
          </xsl:choose>
        </xsl:for-each>
      </svrl:text>
    </xsl:element>
  </xsl:template>
</xsl:stylesheet>
